"""Pages, API and feeds over the database, for a browser, a program or a reader. They only read, but for unsubscribing and WebSub."""
