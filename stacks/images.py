"""The default images; a module of its own, so that commands need not load the settings' types."""

NEXUS = "sonatype/nexus3:3.95.2"
STAND_IN = "repository-store/nexus-stand-in:"
"""How references to the image start that plays Nexus where no registry answers (lab/images)."""
NGINX = "nginx:1.29.8"
