"""`python -m bot` is `cop`."""

from bot.cli import main

if __name__ == "__main__":
    main()
