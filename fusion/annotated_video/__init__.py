"""The annotated video: frames with predictions, people and attention drawn in, and the file they are written to."""
