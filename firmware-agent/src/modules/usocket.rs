//! Owns the module `usocket`: constants and `getaddrinfo`. Its class is [`super::socket_object`].

#![expect(
    clippy::unwrap_used,
    reason = "the macro sets constants so, and they can be set"
)]

pub(super) use definition::module_def;

#[rustpython_vm::pymodule(name = "usocket")]
mod definition {
    use rustpython_vm::builtins::{PyListRef, PyTypeRef};
    use rustpython_vm::class::PyClassImpl;
    use rustpython_vm::function::FuncArgs;
    use rustpython_vm::{PyResult, VirtualMachine};

    use crate::modules::socket_object::{PySocket, address, integer, text};
    use crate::python::interruption::board;

    #[pyattr]
    pub(crate) const AF_INET: i32 = 2;
    /// lwIP has no number for what it is built without.
    #[pyattr]
    const AF_INET6: i32 = 0;
    #[pyattr]
    pub(crate) const SOCK_STREAM: i32 = 1;
    #[pyattr]
    const SOCK_DGRAM: i32 = 2;
    #[pyattr]
    const SOCK_RAW: i32 = 3;
    #[pyattr]
    const SO_REUSEADDR: i32 = 4;
    #[pyattr]
    const IPPROTO_IP: i32 = 0;
    #[pyattr]
    const IPPROTO_TCP: i32 = 6;
    #[pyattr]
    const IPPROTO_UDP: i32 = 17;
    #[pyattr]
    const SOL_SOCKET: i32 = 1;
    #[pyattr]
    const IP_ADD_MEMBERSHIP: i32 = 35;

    #[pyattr]
    fn socket(_vm: &VirtualMachine) -> PyTypeRef {
        PySocket::make_static_type()
    }

    /// `getaddrinfo(host, port[, family, type, proto, flags])`: what is given is echoed.
    #[pyfunction]
    fn getaddrinfo(args: FuncArgs, vm: &VirtualMachine) -> PyResult<PyListRef> {
        if !args.kwargs.is_empty() || !(2..=6).contains(&args.args.len()) {
            return Err(vm.new_type_error("getaddrinfo() takes a host, a port and up to 4 numbers"));
        }
        let host = text(&args.args[0], vm)?;
        let mut numbers = [AF_INET, SOCK_STREAM, 0, 0];
        for (number, given) in numbers.iter_mut().zip(&args.args[2..]) {
            *number = integer(given, vm)?;
        }
        let [family, kind, protocol, _flags] = numbers;
        let family = if family == 0 { AF_INET } else { family };
        let kind = if kind == 0 { SOCK_STREAM } else { kind };
        let board = board(vm)?;
        let resolved = address(&board, &args.args[0], &args.args[1], vm)?;
        let number = resolved.ip().to_string();
        let name = if host.is_empty() {
            number.clone()
        } else {
            host
        };
        let entry = (family, kind, protocol, name, (number, resolved.port()));
        Ok(vm.ctx.new_list(vec![vm.new_pyobj(entry)]))
    }
}
