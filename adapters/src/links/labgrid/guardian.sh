# Holds a place for an owner. Told a line, it acquires the place and says the line back; when the
# owner's end of standard input is closed, however that comes, it lets the place go.
# Arguments: the token of the reservation, and what says where the coordinator is.
trap '' HUP INT TERM
token=$1
shift
if read -r line && labgrid-client "$@" -p "+$token" acquire 2>&1; then
    echo "$line"
    read -r line
    labgrid-client "$@" -p "+$token" release >/dev/null 2>&1
fi
labgrid-client "$@" cancel-reservation "$token" >/dev/null 2>&1
