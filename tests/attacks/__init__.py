"""What an attacker would try, against the site as a browser or another system meets it."""
