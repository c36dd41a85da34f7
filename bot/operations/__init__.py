"""Running the bot: health, maintenance, installations, encryption and the pages it serves."""
