"""The playground: a pretend chat workspace in the browser, where anyone may try the bot without an account.

Everything it shows is drawn here, in `draw.py`, `forms.py` and `page.py`; the browser only puts pieces in place.
"""
