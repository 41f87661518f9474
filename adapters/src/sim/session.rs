//! Owns a session of the simulator: a board on a thread of its own, and the watch over programs
//! that compute for ever. Runs no program itself.

use std::collections::BTreeSet;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use tokio::sync::oneshot;
use tokio::time::{sleep, timeout};
use trueline_agent::STACK;
use trueline_agent::interrupt::Interrupt;
use trueline_agent::python::Nudge;
use trueline_spec::network::Network;
use trueline_spec::pack::Capability;

use super::board::{Board, COMPUTING, Making, Watch};
use crate::error::BenchError;
use crate::helper;
use crate::identity::{self, Answers};
use crate::observation::Observation;
use crate::scenario::Scenario;
use crate::session::{Clock, Session, Submission, TargetInfo, Way};
use crate::target_url::TargetUrl;

/// How long an interrupt may take to be heard before the program is ended by force.
const HEARD: Duration = Duration::from_secs(2);
/// How long until an interrupt that was not heard is sent once more.
const AGAIN: Duration = Duration::from_millis(1);

/// What a simulated board can do on a network with these conditions.
fn capabilities(network: &Network) -> BTreeSet<Capability> {
    let mut capabilities = BTreeSet::from([
        Capability::Tcp,
        Capability::Stdin,
        Capability::ShapedNetwork,
    ]);
    if network.is_reliable() {
        capabilities.extend([Capability::Udp, Capability::Raw, Capability::Multicast]);
    }
    if network.is_ideal() {
        capabilities.insert(Capability::PromptNetwork);
    }
    capabilities
}

enum Order {
    Restart(oneshot::Sender<Result<(), BenchError>>),
    Run(
        Vec<Scenario>,
        oneshot::Sender<Result<Vec<Observation>, BenchError>>,
    ),
}

/// A session of a simulated board.
pub struct SimSession {
    info: TargetInfo,
    making: Making,
    board: Thread,
}

impl SimSession {
    /// Switches a board on.
    pub(crate) async fn start(url: &TargetUrl, seed: u64) -> Result<SimSession, BenchError> {
        let making = Making {
            token: helper::token(seed),
            addresses: url.addresses(),
            network: url.network().clone(),
            boot: url.boot().map(Into::into),
        };
        let (board, answers) = Thread::start(&making).await?;
        let mut info = TargetInfo::not_asked(
            url.to_string(),
            Submission::Direct,
            Clock::Virtual,
            capabilities(url.network()),
            url.addresses(),
        );
        identity::read(&answers, &mut info);
        Ok(SimSession {
            info,
            making,
            board,
        })
    }
}

impl Session for SimSession {
    fn target(&self) -> &TargetInfo {
        &self.info
    }

    async fn run(&mut self, scenario: &Scenario) -> Result<Observation, BenchError> {
        let ran = self.run_all(std::slice::from_ref(scenario)).await?;
        ran.into_iter().next().ok_or_else(gone)
    }

    async fn run_all(&mut self, scenarios: &[Scenario]) -> Result<Vec<Observation>, BenchError> {
        let scenarios = scenarios.to_vec();
        self.board
            .order(|answer| Order::Run(scenarios, answer))
            .await
    }

    async fn refresh(&mut self) -> Result<(), BenchError> {
        self.board.order(Order::Restart).await
    }

    async fn restart(&mut self) -> Result<(), BenchError> {
        self.recover().await.map(drop)
    }

    async fn recover(&mut self) -> Result<Way, BenchError> {
        if self.refresh().await.is_err() {
            let (board, _) = Thread::start(&self.making).await?;
            self.board = board;
        }
        Ok(Way::NewStart)
    }
}

/// The thread of a board. Dropping it ends the board, whatever it is doing.
struct Thread {
    orders: Option<mpsc::Sender<Order>>,
    watch: Watch,
    nudge: Nudge,
    /// Ends with the thread.
    over: mpsc::Receiver<()>,
}

impl Thread {
    async fn start(making: &Making) -> Result<(Thread, Answers), BenchError> {
        let failed = |error: io::Error| BenchError::Open {
            target: "sim:".to_owned(),
            reason: format!("the simulated board could not be started: {error}"),
        };
        let watch = Watch {
            interrupt: Arc::new(Interrupt::new().map_err(failed)?),
            activity: Arc::new(AtomicU64::new(0)),
            has_overrun: Arc::new(AtomicBool::new(false)),
        };
        let (orders, coming) = mpsc::channel();
        let (alive, over) = mpsc::channel();
        let (ready, started) = oneshot::channel();
        {
            let (making, watch) = (making.clone(), watch.clone());
            thread::Builder::new()
                .name("board".to_owned())
                .stack_size(STACK)
                .spawn(move || {
                    let _alive = alive;
                    live(making, watch, ready, &coming);
                })
                .map_err(failed)?;
        }
        let (nudge, identified) = started.await.map_err(|_| gone())??;
        let thread = Thread {
            orders: Some(orders),
            watch,
            nudge,
            over,
        };
        let answers = thread.watch_over(identified).await?;
        Ok((thread, answers))
    }

    async fn order<T>(
        &self,
        order: impl FnOnce(oneshot::Sender<Result<T, BenchError>>) -> Order,
    ) -> Result<T, BenchError> {
        let (answer, answered) = oneshot::channel();
        let orders = self.orders.as_ref().ok_or_else(gone)?;
        orders.send(order(answer)).map_err(|_| gone())?;
        self.watch_over(answered).await
    }

    /// Waits for an answer, and interrupts a program that only computes.
    async fn watch_over<T>(
        &self,
        mut answer: oneshot::Receiver<Result<T, BenchError>>,
    ) -> Result<T, BenchError> {
        let mut seen = self.watch.activity.load(Ordering::Relaxed);
        loop {
            if let Ok(answer) = timeout(COMPUTING, &mut answer).await {
                return answer.unwrap_or_else(|_| Err(gone()));
            }
            let now = self.watch.activity.load(Ordering::Relaxed);
            if now != std::mem::replace(&mut seen, now) {
                continue;
            }
            self.watch.has_overrun.store(true, Ordering::Relaxed);
            self.watch.interrupt.raise();
            if let Ok(answer) = timeout(HEARD, self.nudging(&mut answer)).await {
                return answer;
            }
            self.watch.interrupt.end();
            return self.nudging(&mut answer).await;
        }
    }

    /// Nudges the program until there is an answer.
    async fn nudging<T>(
        &self,
        answer: &mut oneshot::Receiver<Result<T, BenchError>>,
    ) -> Result<T, BenchError> {
        loop {
            self.nudge.send();
            tokio::select! {
                answer = &mut *answer => return answer.unwrap_or_else(|_| Err(gone())),
                () = sleep(AGAIN) => {}
            }
        }
    }
}

impl Drop for Thread {
    fn drop(&mut self) {
        self.orders.take();
        self.watch.interrupt.end();
        loop {
            self.nudge.send();
            match self.over.recv_timeout(AGAIN) {
                Err(RecvTimeoutError::Timeout) => {}
                Ok(()) | Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    }
}

type Started = Result<(Nudge, oneshot::Receiver<Result<Answers, BenchError>>), BenchError>;

/// The life of a board on its thread.
fn live(
    making: Making,
    watch: Watch,
    ready: oneshot::Sender<Started>,
    orders: &mpsc::Receiver<Order>,
) {
    let mut board = match Board::new(making, watch) {
        Ok(board) => board,
        Err(error) => {
            // Nobody waits for it any more when this fails, here and below.
            let _ = ready.send(Err(error));
            return;
        }
    };
    let (identity, identified) = oneshot::channel();
    if ready.send(Ok((board.nudge(), identified))).is_err() {
        return;
    }
    let answers = board.restart().and_then(|()| board.identify());
    let _ = identity.send(answers);
    for order in orders {
        match order {
            Order::Restart(answer) => {
                let _ = answer.send(board.restart());
            }
            Order::Run(scenarios, answer) => {
                let _ = answer.send(board.run_all(&scenarios));
            }
        }
        if board.has_ended() {
            // What it was doing cannot be ended in good order.
            std::mem::forget(board);
            return;
        }
    }
}

fn gone() -> BenchError {
    BenchError::Gone("the simulated board has ended".to_owned())
}
