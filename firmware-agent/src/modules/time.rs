//! Owns the module `time`. Its clock is the network's, which may be a simulated one.

pub(super) use definition::module_def;

#[rustpython_vm::pymodule(name = "time")]
mod definition {
    use std::time::Duration;

    use rustpython_vm::function::ArgIntoFloat;
    use rustpython_vm::{PyResult, VirtualMachine};

    use crate::python::interruption::{board, call_net};

    /// Ticks wrap around here.
    const PERIOD: i64 = 1 << 30;

    fn now(vm: &VirtualMachine) -> PyResult<Duration> {
        call_net(&*board(vm)?, vm, |net| net.look_at_clock())
    }

    fn wait(duration: Duration, vm: &VirtualMachine) -> PyResult<()> {
        call_net(&*board(vm)?, vm, |net| {
            let until = net.now().saturating_add(duration);
            net.sleep(until)
        })
    }

    #[pyfunction]
    fn sleep(seconds: ArgIntoFloat, vm: &VirtualMachine) -> PyResult<()> {
        let seconds = seconds.into_float().max(0.0);
        wait(
            Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX),
            vm,
        )
    }

    #[pyfunction]
    fn sleep_ms(milliseconds: i64, vm: &VirtualMachine) -> PyResult<()> {
        wait(
            Duration::from_millis(milliseconds.max(0).unsigned_abs()),
            vm,
        )
    }

    #[pyfunction]
    fn sleep_us(microseconds: i64, vm: &VirtualMachine) -> PyResult<()> {
        wait(
            Duration::from_micros(microseconds.max(0).unsigned_abs()),
            vm,
        )
    }

    #[pyfunction]
    fn ticks_ms(vm: &VirtualMachine) -> PyResult<i64> {
        Ok((now(vm)?.as_millis() % PERIOD as u128) as i64)
    }

    #[pyfunction]
    fn ticks_us(vm: &VirtualMachine) -> PyResult<i64> {
        Ok((now(vm)?.as_micros() % PERIOD as u128) as i64)
    }

    #[pyfunction]
    fn ticks_cpu(vm: &VirtualMachine) -> PyResult<i64> {
        ticks_us(vm)
    }

    #[pyfunction]
    fn ticks_add(ticks: i64, delta: i64) -> i64 {
        ticks.wrapping_add(delta).rem_euclid(PERIOD)
    }

    /// The signed distance on the ring of ticks.
    #[pyfunction]
    fn ticks_diff(later: i64, earlier: i64) -> i64 {
        let half = PERIOD / 2;
        (later.wrapping_sub(earlier).wrapping_add(half)).rem_euclid(PERIOD) - half
    }

    /// Seconds since the board was switched on: it has no other clock.
    #[pyfunction]
    fn time(vm: &VirtualMachine) -> PyResult<u64> {
        Ok(now(vm)?.as_secs())
    }

    #[pyfunction]
    fn time_ns(vm: &VirtualMachine) -> PyResult<u128> {
        Ok(now(vm)?.as_nanos())
    }
}
