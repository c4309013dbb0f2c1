/* Notes every look-up of a name and every message to the internet in the file NETWORK_LOG, and refuses them. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/types.h>

static void note(const char *call, const char *detail) {
  const char *path = getenv("NETWORK_LOG");
  FILE *file = path ? fopen(path, "a") : NULL;
  if (file) {
    fprintf(file, "%s %s\n", call, detail ? detail : "");
    fclose(file);
  }
}

int getaddrinfo(const char *node, const char *service, const struct addrinfo *hints, struct addrinfo **result) {
  note("getaddrinfo", node);
  return EAI_FAIL;
}

struct hostent *gethostbyname(const char *name) {
  note("gethostbyname", name);
  return NULL;
}

static int is_internet(const struct sockaddr *address) {
  return address && (address->sa_family == AF_INET || address->sa_family == AF_INET6);
}

int connect(int descriptor, const struct sockaddr *address, socklen_t length) {
  int (*original)(int, const struct sockaddr *, socklen_t) =
      (int (*)(int, const struct sockaddr *, socklen_t))dlsym(RTLD_NEXT, "connect");
  if (!is_internet(address)) return original(descriptor, address, length);
  note("connect", address->sa_family == AF_INET ? "AF_INET" : "AF_INET6");
  errno = EPERM;
  return -1;
}

ssize_t sendto(int descriptor, const void *data, size_t size, int flags, const struct sockaddr *address, socklen_t length) {
  ssize_t (*original)(int, const void *, size_t, int, const struct sockaddr *, socklen_t) =
      (ssize_t (*)(int, const void *, size_t, int, const struct sockaddr *, socklen_t))dlsym(RTLD_NEXT, "sendto");
  if (!is_internet(address)) return original(descriptor, data, size, flags, address, length);
  note("sendto", address->sa_family == AF_INET ? "AF_INET" : "AF_INET6");
  errno = EPERM;
  return -1;
}
