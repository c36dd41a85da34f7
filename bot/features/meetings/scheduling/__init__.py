"""Planning one meeting by hand, also a tentative one."""
