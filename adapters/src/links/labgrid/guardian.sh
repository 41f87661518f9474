# Holds a place for an owner, and lets it go when the owner's end of standard input is closed, by
# whatever end. Arguments: the token of the reservation, and what says where the coordinator is.
trap '' HUP INT TERM
token=$1
shift
if read -r go && labgrid-client "$@" -p "+$token" acquire 2>&1; then
    echo "$go"
    read -r gone
    labgrid-client "$@" -p "+$token" release >/dev/null 2>&1
fi
labgrid-client "$@" cancel-reservation "$token" >/dev/null 2>&1
