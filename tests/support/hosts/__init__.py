"""Test hosts with a real sshd and dockerd."""
