"""The same repositories through Terraform and a given provider binary."""

import os
import subprocess
import time
from pathlib import Path

from tests.integration.provider.play import Play

ADDRESS = "datadrivers/nexus"
CONFIGURATION = """
terraform {{
  required_providers {{
    nexus = {{ source = "{address}" }}
  }}
}}
provider "nexus" {{
  url      = "{url}"
  username = "admin"
  insecure = false
}}
resource "nexus_repository_raw_hosted" "raw" {{
  count  = {count}
  name   = format("raw-%04d", count.index)
  online = true
  storage {{
    blob_store_name                = "default"
    strict_content_type_validation = false
    write_policy                   = count.index == 1 ? "{policy}" : "ALLOW_ONCE"
  }}
}}
"""


class Terraform:
    """Terraform in its own folder, with the provider from a path instead of the registry."""

    def __init__(self, play: Play, provider: Path) -> None:
        self._play = play
        self._folder = play.folder / "terraform"
        self._folder.mkdir()
        plugins = self._folder / "plugins"
        plugins.mkdir()
        (plugins / "terraform-provider-nexus").symlink_to(provider.resolve(strict=True))
        override = f'dev_overrides {{ "{ADDRESS}" = "{plugins}" }}'
        (self._folder / "terraformrc").write_text(f"provider_installation {{\n  {override}\n}}\n")

    def measured(self, count: int) -> dict[str, float]:
        self._write(count, "ALLOW_ONCE")
        numbers = {"first up": self._seconds("apply", "-auto-approve")}
        numbers["state bytes"] = (self._folder / "terraform.tfstate").stat().st_size / count
        numbers["preview with refresh"] = self._seconds("plan", "-detailed-exitcode")
        self._write(count, "DENY")
        numbers["one-field change"] = self._seconds("apply", "-auto-approve")
        numbers["destroy"] = self._seconds("destroy", "-auto-approve")
        return numbers

    def _write(self, count: int, policy: str) -> None:
        url = f"https://127.0.0.1:{self._play.port}"
        text = CONFIGURATION.format(address=ADDRESS, url=url, count=count, policy=policy)
        (self._folder / "main.tf").write_text(text)

    def _seconds(self, *arguments: str) -> float:
        environment = {
            **os.environ,
            "TF_CLI_CONFIG_FILE": str(self._folder / "terraformrc"),
            "CHECKPOINT_DISABLE": "1",  # no check for a newer Terraform
            "SSL_CERT_FILE": str(self._play.folder / "ca.pem"),
            "NEXUS_PASSWORD": self._play.wanted["passwords"]["admin"],
        }
        begin = time.monotonic()
        subprocess.run(
            ["terraform", *arguments, "-input=false", "-no-color"],
            cwd=self._folder,
            env=environment,
            check=True,
            stdout=subprocess.DEVNULL,
        )
        return time.monotonic() - begin
