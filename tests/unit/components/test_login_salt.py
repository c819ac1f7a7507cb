"""The secret that nginx hashes with each login."""

import re

from components.nginx_proxy import _login_salt

KEY = "-----BEGIN PRIVATE KEY-----\nMIGHAgEA\n-----END PRIVATE KEY-----\n"


def test_it_has_256_bits_that_follow_from_the_private_key_and_do_not_show_it() -> None:
    text = _login_salt(KEY)
    assert re.fullmatch(r'map "" \$login_salt \{\n    default [0-9a-f]{64};\n\}\n', text)
    assert text == _login_salt(KEY)
    assert text != _login_salt(KEY.replace("MIGH", "MIGI"))
    assert "MIGH" not in text
