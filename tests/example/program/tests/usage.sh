# Without a command it says how it is used.
./tally 2>&1 | grep -q 'usage: tally COMMAND'
