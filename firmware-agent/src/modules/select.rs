//! Owns the module `select`: `poll` objects and `select()`, over sockets.
//! Which socket is ready is [`crate::socket`]'s to say.

#![expect(
    clippy::unwrap_used,
    reason = "the macro sets constants so, and they can be set"
)]

pub(super) use definition::module_def;

#[rustpython_vm::pymodule(name = "select")]
mod definition {
    use std::cell::RefCell;
    use std::time::Duration;

    use rustpython_vm::builtins::{PyFloat, PyListRef, PyType};
    use rustpython_vm::function::{ArgSequence, FuncArgs, OptionalArg};
    use rustpython_vm::types::Constructor;
    use rustpython_vm::{
        AsObject, Py, PyObject, PyObjectRef, PyPayload, PyRef, PyResult, VirtualMachine, pyclass,
    };

    use crate::modules::socket_object::{PySocket, integer};
    use crate::net::{Errno, Wait};
    use crate::python::interruption::{board, call_net};
    use crate::python::os_error::os_error;
    use crate::socket;

    #[pyattr]
    const POLLIN: i32 = socket::POLLIN;
    #[pyattr]
    const POLLOUT: i32 = socket::POLLOUT;
    #[pyattr]
    const POLLERR: i32 = socket::POLLERR;
    #[pyattr]
    const POLLHUP: i32 = socket::POLLHUP;

    /// The flag of `ipoll` by which a socket is told of only once.
    const ONE_SHOT: i32 = 1;

    /// Sockets that are watched together.
    #[pyattr]
    #[pyclass(name = "poll")]
    #[derive(Debug, PyPayload)]
    pub(super) struct Poll {
        watched: RefCell<Vec<Watched>>,
    }

    #[derive(Debug, Clone)]
    struct Watched {
        socket: PyRef<PySocket>,
        mask: i32,
    }

    impl Constructor for Poll {
        type Args = FuncArgs;

        fn py_new(_class: &Py<PyType>, args: FuncArgs, vm: &VirtualMachine) -> PyResult<Self> {
            if !args.is_empty() {
                return Err(vm.new_type_error("poll() takes no arguments"));
            }
            Ok(Self {
                watched: RefCell::default(),
            })
        }
    }

    #[pyclass(with(Constructor), flags(IMMUTABLETYPE))]
    impl Poll {
        /// Watches a socket; one that is watched already, for something else from now on.
        #[pymethod]
        fn register(
            &self,
            socket: PyObjectRef,
            mask: OptionalArg<PyObjectRef>,
            vm: &VirtualMachine,
        ) -> PyResult<()> {
            let mask = match mask {
                OptionalArg::Present(mask) => integer(&mask, vm)?,
                OptionalArg::Missing => POLLIN | POLLOUT,
            };
            let socket = stream(socket, vm)?;
            if !self.set(socket.as_object(), mask) {
                self.watched.borrow_mut().push(Watched { socket, mask });
            }
            Ok(())
        }

        /// Watches a socket no longer, if it is watched.
        #[pymethod]
        fn unregister(&self, socket: PyObjectRef) {
            self.watched
                .borrow_mut()
                .retain(|watched| !watched.socket.is(&socket));
        }

        #[pymethod]
        fn modify(
            &self,
            socket: PyObjectRef,
            mask: PyObjectRef,
            vm: &VirtualMachine,
        ) -> PyResult<()> {
            match self.set(&socket, integer(&mask, vm)?) {
                true => Ok(()),
                false => Err(os_error(Errno::ENOENT, vm)),
            }
        }

        /// Tuples of a socket and what it is ready for, after at most so many milliseconds.
        #[pymethod]
        fn poll(
            &self,
            timeout: OptionalArg<PyObjectRef>,
            vm: &VirtualMachine,
        ) -> PyResult<PyListRef> {
            self.ready(timeout, 0, vm)
        }

        /// The same as an iterator.
        #[pymethod]
        fn ipoll(
            &self,
            timeout: OptionalArg<PyObjectRef>,
            flags: OptionalArg<PyObjectRef>,
            vm: &VirtualMachine,
        ) -> PyResult {
            let flags = match flags {
                OptionalArg::Present(flags) => integer(&flags, vm)?,
                OptionalArg::Missing => 0,
            };
            let ready = self.ready(timeout, flags, vm)?;
            Ok(ready.as_object().get_iter(vm)?.into())
        }

        /// Changes what a socket is watched for; `false` when it is not watched.
        fn set(&self, socket: &PyObject, mask: i32) -> bool {
            let mut watched = self.watched.borrow_mut();
            let found = watched.iter_mut().find(|watched| watched.socket.is(socket));
            found.map(|watched| watched.mask = mask).is_some()
        }

        fn ready(
            &self,
            timeout: OptionalArg<PyObjectRef>,
            flags: i32,
            vm: &VirtualMachine,
        ) -> PyResult<PyListRef> {
            let timeout = match timeout.into_option().filter(|timeout| !vm.is_none(timeout)) {
                Some(timeout) => u64::try_from(integer(&timeout, vm)?).ok(),
                None => None,
            };
            let watched = self.watched.borrow().clone();
            let ready = select_among(&watched, timeout.map(Duration::from_millis), vm)?;
            let mut tuples = Vec::new();
            for (watched, mask) in watched.into_iter().zip(ready) {
                if mask != 0 {
                    if flags & ONE_SHOT != 0 {
                        self.set(watched.socket.as_object(), 0);
                    }
                    tuples.push(vm.new_pyobj((watched.socket, mask)));
                }
            }
            Ok(vm.ctx.new_list(tuples))
        }
    }

    /// `select(rlist, wlist, xlist[, timeout])`: those of each list that are ready, after at most
    /// so many seconds.
    #[pyfunction]
    fn select(
        inputs: ArgSequence<PyObjectRef>,
        outputs: ArgSequence<PyObjectRef>,
        errors: ArgSequence<PyObjectRef>,
        timeout: OptionalArg<PyObjectRef>,
        vm: &VirtualMachine,
    ) -> PyResult<(PyListRef, PyListRef, PyListRef)> {
        let timeout = match timeout.into_option().filter(|timeout| !vm.is_none(timeout)) {
            Some(timeout) => seconds(&timeout, vm)?,
            None => None,
        };
        let failed = POLLERR | POLLHUP;
        let mut watched = Vec::new();
        for (list, mask) in [(&inputs, POLLIN), (&outputs, POLLOUT), (&errors, 0)] {
            for socket in list.iter() {
                let socket = stream(socket.clone(), vm)?;
                watched.push(Watched { socket, mask });
            }
        }
        let ready = select_among(&watched, timeout, vm)?;
        let mut ready = watched.into_iter().zip(ready);
        let mut those = |count: usize, mask: i32| {
            let part = ready.by_ref().take(count);
            let fits = part.filter(|(_, ready)| ready & mask != 0);
            vm.ctx
                .new_list(fits.map(|(watched, _)| watched.socket.into()).collect())
        };
        Ok((
            those(inputs.len(), POLLIN | failed),
            those(outputs.len(), POLLOUT | failed),
            those(errors.len(), failed),
        ))
    }

    /// Without a timeout it waits for ever.
    fn select_among(
        watched: &[Watched],
        timeout: Option<Duration>,
        vm: &VirtualMachine,
    ) -> PyResult<Vec<i32>> {
        let endpoints: Vec<_> = watched
            .iter()
            .map(|watched| (watched.socket.endpoint(), watched.mask))
            .collect();
        let asked: Vec<_> = endpoints
            .iter()
            .map(|(endpoint, mask)| (&**endpoint, *mask))
            .collect();
        call_net(&*board(vm)?, vm, |net| {
            let wait = match timeout {
                None => Wait::Forever,
                Some(Duration::ZERO) => Wait::Never,
                Some(timeout) => Wait::Until(net.now().saturating_add(timeout)),
            };
            socket::select(net, &asked, wait)
        })
    }

    fn stream(object: PyObjectRef, vm: &VirtualMachine) -> PyResult<PyRef<PySocket>> {
        object
            .downcast::<PySocket>()
            .map_err(|_| vm.new_type_error("only sockets can be watched"))
    }

    /// A number of seconds; below 0 it is no limit.
    fn seconds(value: &PyObject, vm: &VirtualMachine) -> PyResult<Option<Duration>> {
        let seconds = match value.downcast_ref::<PyFloat>() {
            Some(float) => float.to_f64(),
            None => f64::from(integer(value, vm)?),
        };
        Ok(Duration::try_from_secs_f64(seconds).ok())
    }
}
