//! Owns a board in a labgrid farm: the reserving of a place, the waiting for it, and what is told
//! meanwhile. `client` runs labgrid's command, `listing` reads what it prints, and `guardian`
//! holds the place.

mod client;
mod guardian;
mod listing;

use std::time::Duration;
use trueline_spec::visible;

use tokio::time::{Instant, sleep_until};

use crate::target_url::farm::Farm;
use crate::target_url::wired::Wired;
use client::Client;
use guardian::Guardian;

/// How often is looked who has the place, while it is waited for.
const LOOKING: Duration = Duration::from_secs(5);

/// A place that is held until this is dropped.
#[derive(Debug)]
pub(super) struct Held {
    /// The line to its board.
    pub(super) line: Wired,
    _guardian: Guardian,
}

/// Waits for the place and takes it. `tell` hears who has it meanwhile, and which one it is.
pub(super) async fn acquire(farm: &Farm, tell: &dyn Fn(&str)) -> Result<Held, String> {
    let client = Client::new(farm.coordinator.clone());
    let filters = farm.filters();
    let places = places(&client).await?;
    if !places.iter().any(|place| place.fits(&filters)) {
        return Err(no_such_place(&filters, &places));
    }
    let filters: Vec<_> = filters
        .iter()
        .map(|(key, value)| format!("{key}={value}"))
        .collect();
    let mut words = vec!["reserve", "--shell"];
    words.extend(filters.iter().map(String::as_str));
    let reserved = client.ask(&words).await?;
    let token = reserved.trim().strip_prefix("export LG_TOKEN=");
    let token = token.filter(|token| token.chars().all(|c| c.is_ascii_alphanumeric()));
    let token = token.ok_or_else(|| {
        format!(
            "`labgrid-client reserve` says `{}` instead of a token; is it of version 25 or newer?",
            visible::line(reserved.trim())
        )
    })?;
    let mut guardian = Guardian::start(&client, token)
        .map_err(|error| format!("nobody can be started who lets the place go: {error}"))?;
    wait(farm, &client, token, tell).await?;
    guardian.acquire().await?;
    let place = format!("+{token}");
    let (name, line) = listing::line(&client.ask(&["-p", &place, "env"]).await?)?;
    tell(&format!("the place `{}` is acquired", visible::line(&name)));
    Ok(Held {
        line,
        _guardian: guardian,
    })
}

async fn places(client: &Client) -> Result<Vec<listing::Place>, String> {
    Ok(listing::places(&client.ask(&["-v", "places"]).await?))
}

/// Waits until the place is kept for the reservation.
async fn wait(
    farm: &Farm,
    client: &Client,
    token: &str,
    tell: &dyn Fn(&str),
) -> Result<(), String> {
    let mut waiting = client.wait(token)?;
    let mut told = String::new();
    let mut look = Instant::now();
    loop {
        tokio::select! {
            biased;
            // How it ended shows when the place is acquired.
            _ = waiting.wait() => return Ok(()),
            () = sleep_until(look) => {}
        }
        let reservations = listing::reservations(&client.ask(&["reservations"]).await?);
        let own = reservations.iter().find(|one| one.token == token);
        let Some(own) = own.filter(|own| own.state == "waiting") else {
            waiting.wait().await.ok();
            return Ok(());
        };
        let places = places(client).await?;
        let filters = farm.filters();
        let mut holders: Vec<_> = places
            .iter()
            .filter(|place| place.fits(&filters))
            .filter_map(|place| Some((place.name.as_str(), place.holder.as_deref()?)))
            .collect();
        holders.sort_unstable();
        if let Some(name) = &farm.place
            && is_own(&holders, &reservations, own)
        {
            return Err(format!(
                "the place `{0}` is yours already, as {1}; when no other run of yours needs it, \
                 let it go: `labgrid-client -p {0} release`. To wait for it take \
                 `labgrid:?tag=name={0}`",
                visible::line(name),
                visible::line(&own.owner)
            ));
        }
        let says = queue(&holders, &reservations, own);
        if says != told {
            tell(&says);
            told = says;
        }
        look = Instant::now() + LOOKING;
    }
}

/// Whether the place that is wanted is held by whoever wants it, or is about to be.
fn is_own(
    holders: &[(&str, &str)],
    reservations: &[listing::Reservation],
    own: &listing::Reservation,
) -> bool {
    let mut others = reservations.iter().filter(|one| one.token != own.token);
    holders.iter().any(|(_, holder)| *holder == own.owner)
        || others
            .any(|one| one.owner == own.owner && one.wants == own.wants && one.state == "allocated")
}

/// Who is before a reservation, in a sentence without a full stop.
fn queue(
    holders: &[(&str, &str)],
    reservations: &[listing::Reservation],
    own: &listing::Reservation,
) -> String {
    let held: Vec<_> = holders
        .iter()
        .map(|(place, holder)| {
            format!(
                "`{}` is held by {}",
                visible::line(place),
                visible::line(holder)
            )
        })
        .collect();
    let held = match held.as_slice() {
        [] => "nobody holds it, and it is kept for somebody else".to_owned(),
        held => held.join(", "),
    };
    let before = reservations
        .iter()
        .take_while(|one| one.token != own.token)
        .filter(|one| one.state == "waiting" && one.wants == own.wants)
        .count();
    let before = match before {
        0 => "nobody else waits for the same".to_owned(),
        1 => "one more waits for the same and comes first".to_owned(),
        count => format!("{count} more wait for the same and come first"),
    };
    format!(
        "waiting for a place with {}: {held}; {before}. Ctrl-C ends it",
        visible::line(&own.wants)
    )
}

fn no_such_place(filters: &[(&str, &str)], places: &[listing::Place]) -> String {
    let wanted: Vec<_> = filters
        .iter()
        .map(|(key, value)| format!("{key}={value}"))
        .collect();
    let there: Vec<_> = places
        .iter()
        .map(|place| {
            let tags = place
                .tags
                .iter()
                .map(|(key, value)| format!(" {key}={value}"));
            format!(
                "`{}`",
                visible::line(&format!("{}{}", place.name, tags.collect::<String>()))
            )
        })
        .collect();
    let there = match there.as_slice() {
        [] => "the farm has no places".to_owned(),
        there => format!("the places of the farm are {}", there.join(", ")),
    };
    format!("no place of the farm has {}; {there}", wanted.join(" "))
}
