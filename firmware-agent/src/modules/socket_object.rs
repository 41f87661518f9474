//! Owns the class `usocket.socket`: how arguments and results of its methods look in Python.
//! What the methods do is [`Endpoint`]'s.

use std::cell::{Ref, RefCell};
use std::net::{Ipv4Addr, SocketAddrV4};
use std::rc::Rc;
use std::time::Duration;

use rustpython_vm::builtins::{PyBytes, PyInt, PyList, PyStr, PyTuple, PyType};
use rustpython_vm::function::{ArgBytesLike, ArgMemoryBuffer, FuncArgs, OptionalArg};
use rustpython_vm::types::{Constructor, Representable};
use rustpython_vm::{
    Py, PyObject, PyObjectRef, PyPayload, PyRef, PyResult, TryFromObject, VirtualMachine, pyclass,
};

use crate::board::Board;
use crate::net::{Errno, Kind, Net, SocketOption};
use crate::python::interruption::{board, call_net};
use crate::python::os_error::os_error;
use crate::socket::{Endpoint, Limit, Read, resolve};

const SOCK_STREAM: i32 = 1;
const SOCK_DGRAM: i32 = 2;
const SOCK_RAW: i32 = 3;
const SO_REUSEADDR: i32 = 4;
const IP_ADD_MEMBERSHIP: i32 = 35;

/// The backlog of `listen()`.
const USUAL_BACKLOG: u32 = 5;

/// A socket in Python. Closed when nothing refers to it any more.
#[pyclass(name = "socket", module = "usocket")]
#[derive(PyPayload)]
pub struct PySocket {
    board: Rc<Board>,
    endpoint: RefCell<Endpoint>,
}

impl std::fmt::Debug for PySocket {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.endpoint.borrow().fmt(f)
    }
}

impl Drop for PySocket {
    fn drop(&mut self) {
        let endpoint = self.endpoint.get_mut();
        self.board.with_net(|net| endpoint.close(net));
    }
}

impl Constructor for PySocket {
    type Args = FuncArgs;

    /// `socket([af, type, proto])`: of the family only that it is a number counts.
    fn py_new(_class: &Py<PyType>, args: FuncArgs, vm: &VirtualMachine) -> PyResult<Self> {
        if !args.kwargs.is_empty() || args.args.len() > 3 {
            return Err(vm.new_type_error("socket() takes a family, a type and a protocol"));
        }
        let mut numbers = [2, SOCK_STREAM, 0];
        for (number, given) in numbers.iter_mut().zip(&args.args) {
            *number = integer(given, vm)?;
        }
        let [_family, kind, protocol] = numbers;
        let kind = match kind {
            SOCK_STREAM => Kind::Stream,
            SOCK_DGRAM => Kind::Datagram,
            SOCK_RAW => Kind::Raw(protocol.clamp(0, 255) as u8),
            _ => return Err(os_error(Errno::EINVAL, vm)),
        };
        let board = board(vm)?;
        let endpoint = call_net(&board, vm, |net| Endpoint::open(net, kind))?;
        Ok(Self {
            board,
            endpoint: RefCell::new(endpoint),
        })
    }
}

impl Representable for PySocket {
    fn repr_str(_zelf: &Py<Self>, _vm: &VirtualMachine) -> PyResult<String> {
        Ok("<socket>".to_owned())
    }
}

impl PySocket {
    /// What is behind it, to look at.
    pub fn endpoint(&self) -> Ref<'_, Endpoint> {
        self.endpoint.borrow()
    }

    fn call<T>(
        &self,
        vm: &VirtualMachine,
        operation: impl FnOnce(&mut Endpoint, &mut dyn Net) -> Result<T, Errno>,
    ) -> PyResult<T> {
        let mut endpoint = self.endpoint.borrow_mut();
        call_net(&self.board, vm, |net| operation(&mut endpoint, net))
    }

    /// The two values of an address.
    fn address(&self, address: &PyObject, vm: &VirtualMachine) -> PyResult<SocketAddrV4> {
        let parts = if let Some(tuple) = address.downcast_ref::<PyTuple>() {
            tuple.as_slice().to_vec()
        } else if let Some(list) = address.downcast_ref::<PyList>() {
            list.borrow_vec().to_vec()
        } else {
            return Err(vm.new_type_error("an address is a tuple or a list"));
        };
        match &parts[..] {
            [host, port] => self::address(&self.board, host, port, vm),
            _ => Err(vm.new_value_error("an address has two parts, host and port")),
        }
    }
}

#[pyclass(with(Constructor, Representable), flags(IMMUTABLETYPE))]
impl PySocket {
    #[pymethod]
    fn bind(&self, address: PyObjectRef, vm: &VirtualMachine) -> PyResult<()> {
        let address = self.address(&address, vm)?;
        self.call(vm, |endpoint, net| endpoint.bind(net, address))
    }

    #[pymethod]
    fn listen(&self, backlog: OptionalArg<PyObjectRef>, vm: &VirtualMachine) -> PyResult<()> {
        let backlog = match backlog {
            // None at all is as good as one: else nobody could ever connect.
            OptionalArg::Present(backlog) => integer(&backlog, vm)?.clamp(1, 255).unsigned_abs(),
            OptionalArg::Missing => USUAL_BACKLOG,
        };
        self.call(vm, |endpoint, net| endpoint.listen(net, backlog))
    }

    #[pymethod]
    fn accept(&self, vm: &VirtualMachine) -> PyResult<(PyRef<Self>, (String, u16))> {
        let (connection, peer) = self.call(vm, Endpoint::accept)?;
        let connection = Self {
            board: Rc::clone(&self.board),
            endpoint: RefCell::new(connection),
        };
        Ok((connection.into_ref(&vm.ctx), pair(peer)))
    }

    #[pymethod]
    fn connect(&self, address: PyObjectRef, vm: &VirtualMachine) -> PyResult<()> {
        let address = self.address(&address, vm)?;
        self.call(vm, |endpoint, net| endpoint.connect(net, address))
    }

    #[pymethod]
    fn send(&self, data: PyObjectRef, vm: &VirtualMachine) -> PyResult<usize> {
        let data = bytes(data, vm)?;
        self.call(vm, |endpoint, net| endpoint.send(net, &data))
    }

    #[pymethod]
    fn sendall(&self, data: PyObjectRef, vm: &VirtualMachine) -> PyResult<()> {
        let data = bytes(data, vm)?;
        self.call(vm, |endpoint, net| endpoint.send_all(net, &data).1)
    }

    /// `write(data)`, `write(data, length)`, `write(data, offset, length)`: all of it is
    /// written, or what can be without waiting. `None` when nothing can.
    #[pymethod]
    fn write(
        &self,
        data: PyObjectRef,
        first: OptionalArg<usize>,
        second: OptionalArg<usize>,
        vm: &VirtualMachine,
    ) -> PyResult<Option<usize>> {
        let data = bytes(data, vm)?;
        let (offset, length) = match (first, second) {
            (OptionalArg::Present(offset), OptionalArg::Present(length)) => (offset, length),
            (OptionalArg::Present(length), OptionalArg::Missing) => (0, length),
            _ => (0, data.len()),
        };
        let start = offset.min(data.len());
        let data = &data[start..start.saturating_add(length).min(data.len())];
        self.call(vm, |endpoint, net| match endpoint.send_all(net, data) {
            (0, Err(Errno::EAGAIN)) => Ok(None),
            (sent, Ok(()) | Err(Errno::EAGAIN)) => Ok(Some(sent)),
            (_, Err(error)) => Err(error),
        })
    }

    #[pymethod]
    fn sendto(
        &self,
        data: PyObjectRef,
        address: PyObjectRef,
        vm: &VirtualMachine,
    ) -> PyResult<usize> {
        let data = bytes(data, vm)?;
        let address = self.address(&address, vm)?;
        self.call(vm, |endpoint, net| endpoint.send_to(net, &data, address))
    }

    #[pymethod]
    fn recv(&self, bufsize: PyObjectRef, vm: &VirtualMachine) -> PyResult<PyBytes> {
        let size = size(&bufsize, vm)?;
        let (data, _) = self.call(vm, |endpoint, net| endpoint.receive(net, size))?;
        Ok(data.into())
    }

    #[pymethod]
    fn recvfrom(
        &self,
        bufsize: PyObjectRef,
        vm: &VirtualMachine,
    ) -> PyResult<(PyBytes, (String, u16))> {
        let size = size(&bufsize, vm)?;
        let (data, from) = self.call(vm, |endpoint, net| endpoint.receive(net, size))?;
        Ok((data.into(), pair(from)))
    }

    /// `None` when nothing is there and the socket may not wait.
    #[pymethod]
    fn read(&self, size: OptionalArg<PyObjectRef>, vm: &VirtualMachine) -> PyResult {
        let size = limit(size, vm)?;
        let read = self.call(vm, |endpoint, net| endpoint.read(net, size))?;
        Ok(data_or_none(read, vm))
    }

    #[pymethod]
    fn readline(&self, size: OptionalArg<PyObjectRef>, vm: &VirtualMachine) -> PyResult {
        let size = limit(size, vm)?;
        let read = self.call(vm, |endpoint, net| endpoint.read_line(net, size))?;
        Ok(data_or_none(read, vm))
    }

    #[pymethod]
    fn readinto(
        &self,
        buffer: PyObjectRef,
        nbytes: OptionalArg<PyObjectRef>,
        vm: &VirtualMachine,
    ) -> PyResult<Option<usize>> {
        let buffer = ArgMemoryBuffer::try_from_object(vm, buffer)?;
        let size = limit(nbytes, vm)?.unwrap_or(usize::MAX).min(buffer.len());
        match self.call(vm, |endpoint, net| endpoint.read(net, Some(size)))? {
            Read::Nothing => Ok(None),
            Read::Data(data) => {
                buffer.with_ref(|space| space[..data.len()].copy_from_slice(&data));
                Ok(Some(data.len()))
            }
        }
    }

    /// `None` waits for ever, 0 never. What is below 0 is taken for 0.
    #[pymethod]
    fn settimeout(&self, value: PyObjectRef, vm: &VirtualMachine) -> PyResult<()> {
        let limit = if vm.is_none(&value) {
            Limit::Forever
        } else {
            let seconds = value.try_float(vm)?.to_f64();
            if seconds.is_nan() {
                return Err(vm.new_value_error("a timeout is a number of seconds"));
            }
            match Duration::try_from_secs_f64(seconds.max(0.0)) {
                Ok(Duration::ZERO) => Limit::Never,
                Ok(duration) => Limit::After(duration),
                Err(_) => Limit::Forever,
            }
        };
        self.endpoint.borrow_mut().set_limit(limit);
        Ok(())
    }

    #[pymethod]
    fn setblocking(&self, flag: PyObjectRef, vm: &VirtualMachine) -> PyResult<()> {
        let limit = if flag.is_true(vm)? {
            Limit::Forever
        } else {
            Limit::Never
        };
        self.endpoint.borrow_mut().set_limit(limit);
        Ok(())
    }

    /// The level says nothing: no two options have the same number.
    #[pymethod]
    fn setsockopt(
        &self,
        level: PyObjectRef,
        optname: PyObjectRef,
        value: PyObjectRef,
        vm: &VirtualMachine,
    ) -> PyResult<()> {
        integer(&level, vm)?;
        let option = match integer(&optname, vm)? {
            SO_REUSEADDR => SocketOption::ReuseAddress(flag(value, vm)?),
            IP_ADD_MEMBERSHIP => membership(value, vm)?,
            _ => {
                flag(value, vm)?;
                self.call(vm, |endpoint, _| {
                    endpoint.id().map(drop).ok_or(Errno::EBADF)
                })?;
                let warning = b"Warning: lwip.setsockopt() option not implemented\n";
                self.board.console.print(warning);
                return Ok(());
            }
        };
        self.call(vm, |endpoint, net| endpoint.set_option(net, option))
    }

    /// `makefile(mode='rb', buffering=0)`: the socket is its own file.
    #[pymethod]
    fn makefile(zelf: PyRef<Self>, args: FuncArgs, vm: &VirtualMachine) -> PyResult<PyRef<Self>> {
        let known = args
            .kwargs
            .keys()
            .all(|name| name == "mode" || name == "buffering");
        if !known || args.args.len() + args.kwargs.len() > 2 {
            return Err(vm.new_type_error("makefile() takes a mode and a buffering"));
        }
        Ok(zelf)
    }

    /// The descriptor, or -1 when the socket is closed.
    #[pymethod]
    fn fileno(&self) -> i64 {
        self.endpoint.borrow().id().map_or(-1, |id| i64::from(id.0))
    }

    #[pymethod]
    fn close(&self) {
        let mut endpoint = self.endpoint.borrow_mut();
        self.board.with_net(|net| endpoint.close(net));
    }

    #[pymethod(name = "__del__")]
    fn del(&self) {
        self.close();
    }
}

/// A host and a port as an address. Either is text, or the bytes of one; a port is a number as well.
pub fn address(
    board: &Board,
    host: &PyObject,
    port: &PyObject,
    vm: &VirtualMachine,
) -> PyResult<SocketAddrV4> {
    let host = text(host, vm)?;
    let port = match port.downcast_ref::<PyInt>() {
        Some(number) => number.try_to_primitive::<u16>(vm).ok(),
        None => text(port, vm)?.parse::<u16>().ok(),
    };
    let port = port.ok_or_else(|| os_error(Errno::NO_SERVICE, vm))?;
    let host = call_net(board, vm, |net| resolve(net, &host))?;
    Ok(SocketAddrV4::new(host, port))
}

/// Text, or the bytes of it.
pub fn text(value: &PyObject, vm: &VirtualMachine) -> PyResult<String> {
    if let Some(text) = value.downcast_ref::<PyStr>() {
        return Ok(text.to_string_lossy().into_owned());
    }
    if let Some(bytes) = value.downcast_ref::<PyBytes>() {
        return Ok(String::from_utf8_lossy(bytes.as_bytes()).into_owned());
    }
    Err(vm.new_type_error(format!("expected a str, not {}", value.class().name())))
}

/// A small number.
pub fn integer(value: &PyObject, vm: &VirtualMachine) -> PyResult<i32> {
    match value.downcast_ref::<PyInt>() {
        Some(number) => number.try_to_primitive(vm),
        None => Err(vm.new_type_error(format!("expected an int, not {}", value.class().name()))),
    }
}

/// A number of bytes.
fn size(value: &PyObject, vm: &VirtualMachine) -> PyResult<usize> {
    let Some(number) = value.downcast_ref::<PyInt>() else {
        return Err(vm.new_type_error(format!("expected an int, not {}", value.class().name())));
    };
    if is_negative(number.as_bigint()) {
        return Err(vm.new_value_error("a size is not negative"));
    }
    Ok(number.try_to_primitive(vm).unwrap_or(usize::MAX))
}

/// Any sort of number; the interpreter's big ones have no name here.
fn is_negative<N: Default + PartialOrd>(number: &N) -> bool {
    *number < N::default()
}

/// A number of bytes; none or a negative one is no limit.
fn limit(value: OptionalArg<PyObjectRef>, vm: &VirtualMachine) -> PyResult<Option<usize>> {
    let OptionalArg::Present(value) = value else {
        return Ok(None);
    };
    match value.downcast_ref::<PyInt>() {
        Some(number) if is_negative(number.as_bigint()) => Ok(None),
        _ if vm.is_none(&value) => Ok(None),
        _ => size(&value, vm).map(Some),
    }
}

/// What is to be sent; text is sent as UTF-8.
fn bytes(data: PyObjectRef, vm: &VirtualMachine) -> PyResult<Vec<u8>> {
    if let Some(text) = data.downcast_ref::<PyStr>() {
        return Ok(text.as_bytes().to_vec());
    }
    Ok(ArgBytesLike::try_from_object(vm, data)?.with_ref(<[u8]>::to_vec))
}

/// Whether an option is switched on: by an int, or by the bytes of one.
fn flag(value: PyObjectRef, vm: &VirtualMachine) -> PyResult<bool> {
    if value.downcastable::<PyInt>() {
        return Ok(integer(&value, vm)? != 0);
    }
    let bytes = ArgBytesLike::try_from_object(vm, value)?.with_ref(<[u8]>::to_vec);
    if bytes.is_empty() {
        return Err(vm.new_value_error("the option has no value"));
    }
    Ok(bytes.iter().any(|byte| *byte != 0))
}

/// The group and the interface, four bytes each.
fn membership(value: PyObjectRef, vm: &VirtualMachine) -> PyResult<SocketOption> {
    let bytes = ArgBytesLike::try_from_object(vm, value)?.with_ref(<[u8]>::to_vec);
    let [a, b, c, d, e, f, g, h] = bytes[..] else {
        return Err(vm.new_value_error("a membership is 8 bytes, group and interface"));
    };
    Ok(SocketOption::Membership {
        group: Ipv4Addr::new(a, b, c, d),
        interface: Ipv4Addr::new(e, f, g, h),
    })
}

fn data_or_none(read: Read, vm: &VirtualMachine) -> PyObjectRef {
    match read {
        Read::Data(data) => vm.ctx.new_bytes(data).into(),
        Read::Nothing => vm.ctx.none(),
    }
}

fn pair(address: SocketAddrV4) -> (String, u16) {
    (address.ip().to_string(), address.port())
}
