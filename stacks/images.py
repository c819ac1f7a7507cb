"""The images that a stack gets unless its file names others. A command need not load the types."""

NEXUS = "sonatype/nexus3:3.95.2"
NGINX = "nginx:1.29.8"
