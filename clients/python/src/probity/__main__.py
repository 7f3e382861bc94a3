"""`python3 -m probity get_token`: the step of Mintaro's quick start. Probity accepts a token in a `*.mm` file, and needs none."""

import secrets
import sys

if sys.argv[1:] == ["get_token"]:
    print(f"token={secrets.token_urlsafe(24)}")
else:
    sys.exit("usage: python3 -m probity get_token")
