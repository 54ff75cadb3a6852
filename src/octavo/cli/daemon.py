"""The warm process behind `octavo sync --daemon`: serve, tell about it, stop it."""

USAGE = "SUBCOMMAND [FOLDER] [options]"
SUBCOMMANDS = {
    "serve": ("_daemon_serve", "Serve a project until nobody asks any more."),
    "status": ("_daemon_status", "Tell whether a process serves the project."),
    "stop": ("_daemon_stop", "End the process that serves the project."),
}
