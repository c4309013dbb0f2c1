"""Joint layout: the joints of a skeleton by name, their tree, and their mirror images."""

from __future__ import annotations

from dataclasses import dataclass

from triad.modalities.checks import check_choice, fail


def mirror_pairs(joints: tuple[str, ...]) -> tuple[tuple[int, int], ...]:
    """Return the indices of every ``left_x`` with its ``right_x``, left first."""
    return tuple(
        (index, joints.index(f"right_{joint.removeprefix('left_')}"))
        for index, joint in enumerate(joints)
        if joint.startswith("left_") and f"right_{joint.removeprefix('left_')}" in joints
    )


@dataclass(frozen=True)
class Layout:
    """The joints of a skeleton and their tree.

    Args:
        name: unique name, by which indices, clips and models refer to the layout.
        joints: name of each joint, ``[V]``.
        parents: index of each joint's parent, −1 for the root, ``[V]``.
        mirror: pairs ``(left, right)`` of joints that change places in a mirror.
        torso: two groups of joints; the distance between their centres measures the size of the body.
        dims: 3 for metres in the camera frame (x right, y down, z away), 2 for pixels of the image.

    Raises:
        InputError: for a tree without a root, with several roots or a cycle, for a joint that is mirrored twice, and
            for an index that does not exist.
    """

    name: str
    joints: tuple[str, ...]
    parents: tuple[int, ...]
    mirror: tuple[tuple[int, int], ...]
    torso: tuple[tuple[int, ...], tuple[int, ...]]
    dims: int

    def __post_init__(self) -> None:
        if len(set(self.joints)) != len(self.joints):
            fail(f"joints of layout '{self.name}'", "have different names", list(self.joints))
        self._check_tree()
        self._check_mirror()
        if any(not group or not all(0 <= joint < self.num_joints for joint in group) for group in self.torso):
            fail(f"torso of layout '{self.name}'", f"be two groups of joints 0–{self.num_joints - 1}", self.torso)
        if self.dims not in (2, 3):
            fail(f"dims of layout '{self.name}'", "be 2 or 3", self.dims)

    def _check_tree(self) -> None:
        subject = f"parents of layout '{self.name}'"
        count = self.num_joints
        if len(self.parents) != count or not all(-1 <= parent < count for parent in self.parents):
            fail(subject, f"be {count} indices from -1 to {count - 1}", list(self.parents))
        if self.parents.count(-1) != 1:
            fail(subject, "have one root (-1)", f"{self.parents.count(-1)} of them")
        for joint in range(count):
            ancestor = joint
            for _ in range(count):
                if ancestor != -1:
                    ancestor = self.parents[ancestor]
            if ancestor != -1:
                fail(subject, "be a tree", f"a cycle above '{self.joints[joint]}'")

    def _check_mirror(self) -> None:
        paired = [joint for pair in self.mirror for joint in pair]
        if len(set(paired)) != len(paired) or not all(0 <= joint < self.num_joints for joint in paired):
            fail(f"mirror of layout '{self.name}'", "pair different joints, each at most once", self.mirror)

    @property
    def num_joints(self) -> int:
        return len(self.joints)

    @property
    def root(self) -> int:
        """Index of the joint without a parent."""
        return self.parents.index(-1)

    @property
    def bones(self) -> tuple[tuple[int, int], ...]:
        """``(child, parent)`` of every joint but the root, ``[V - 1]``."""
        return tuple((child, parent) for child, parent in enumerate(self.parents) if parent >= 0)

    @property
    def mirror_index(self) -> tuple[int, ...]:
        """Permutation that swaps left and right joints, its own inverse, ``[V]``."""
        index = list(range(self.num_joints))
        for left, right in self.mirror:
            index[left], index[right] = right, left
        return tuple(index)

    def index(self, joint: str) -> int:
        """Return the index of a joint.

        Raises:
            InputError: for an unknown joint, naming the nearest one.
        """
        return self.joints.index(check_choice(f"joint of layout '{self.name}'", joint, self.joints))
