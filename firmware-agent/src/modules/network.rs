//! Owns the module `network`: joining a wireless network, as the documented programs do it.

#![expect(
    clippy::unwrap_used,
    reason = "the macro sets constants so, and they can be set"
)]

pub(super) use definition::module_def;

#[rustpython_vm::pymodule(name = "network")]
mod definition {
    use std::cell::Cell;
    use std::net::Ipv4Addr;

    use rustpython_vm::builtins::{PyStrRef, PyType};
    use rustpython_vm::function::{FuncArgs, OptionalArg};
    use rustpython_vm::types::Constructor;
    use rustpython_vm::{FromArgs, Py, PyObjectRef, PyPayload, PyResult, VirtualMachine, pyclass};

    use crate::python::interruption::{board, call_net};

    #[pyattr]
    const STA_IF: i32 = 0;
    #[pyattr]
    const AP_IF: i32 = 1;
    #[pyattr]
    const AUTH_OPEN: i32 = 0;
    #[pyattr]
    const AUTH_WEP: i32 = 1;
    #[pyattr]
    const AUTH_PSK: i32 = 2;

    /// The wireless interface.
    #[pyattr]
    #[pyclass(name = "WLAN")]
    #[derive(Debug, Default, PyPayload)]
    pub(super) struct Wlan {
        active: Cell<bool>,
    }

    #[derive(FromArgs)]
    struct Access {
        #[pyarg(any)]
        ssid: PyStrRef,
        #[pyarg(any, default)]
        key: Option<PyStrRef>,
        #[pyarg(any, default)]
        #[expect(dead_code, reason = "the access point decides what security is used")]
        security: Option<i32>,
    }

    impl Constructor for Wlan {
        type Args = FuncArgs;

        fn py_new(_class: &Py<PyType>, args: FuncArgs, vm: &VirtualMachine) -> PyResult<Self> {
            if args.args.len() > 1 {
                return Err(vm.new_type_error("WLAN() takes at most one interface"));
            }
            Ok(Self::default())
        }
    }

    #[pyclass(with(Constructor), flags(IMMUTABLETYPE))]
    impl Wlan {
        /// `active()` says whether it is switched on, `active(on)` switches it.
        #[pymethod]
        fn active(&self, on: OptionalArg<PyObjectRef>, vm: &VirtualMachine) -> PyResult<bool> {
            if let OptionalArg::Present(on) = on {
                self.active.set(on.is_true(vm)?);
                if !self.active.get() {
                    board(vm)?.with_net(|net| net.leave());
                }
            }
            Ok(self.active.get())
        }

        /// Joins a network, waiting until the board is in it.
        #[pymethod]
        fn connect(&self, access: Access, vm: &VirtualMachine) -> PyResult<()> {
            if !self.active.get() {
                return Err(vm.new_runtime_error("the interface is not active"));
            }
            let ssid = access.ssid.to_string_lossy().into_owned();
            let key = access
                .key
                .map(|key| key.to_string_lossy().into_owned())
                .unwrap_or_default();
            call_net(&*board(vm)?, vm, |net| net.join(&ssid, &key))
        }

        #[pymethod]
        fn disconnect(&self, vm: &VirtualMachine) -> PyResult<()> {
            board(vm)?.with_net(|net| net.leave());
            Ok(())
        }

        #[pymethod]
        fn isconnected(&self, vm: &VirtualMachine) -> PyResult<bool> {
            Ok(address(vm)?.is_some())
        }

        /// Address, mask, gateway and name server.
        #[pymethod]
        fn ifconfig(&self, vm: &VirtualMachine) -> PyResult<(String, String, String, String)> {
            let own = address(vm)?.unwrap_or(Ipv4Addr::UNSPECIFIED);
            let [a, b, c, _] = own.octets();
            let (mask, gateway) = match own.is_unspecified() {
                true => (Ipv4Addr::UNSPECIFIED, Ipv4Addr::UNSPECIFIED),
                false => (Ipv4Addr::new(255, 255, 255, 0), Ipv4Addr::new(a, b, c, 1)),
            };
            Ok((
                own.to_string(),
                mask.to_string(),
                gateway.to_string(),
                gateway.to_string(),
            ))
        }
    }

    fn address(vm: &VirtualMachine) -> PyResult<Option<Ipv4Addr>> {
        Ok(board(vm)?.with_net(|net| net.address()).flatten())
    }
}
