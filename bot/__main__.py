"""Entry point of `python -m bot`, which is the same as `cop`."""

from bot.cli import main

if __name__ == "__main__":
    main()
