"""The default images; a module of its own, so that commands need not load the settings' types."""

NEXUS = "sonatype/nexus3:3.95.2"
NGINX = "nginx:1.29.8"
