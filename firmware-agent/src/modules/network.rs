//! Owns the module `network`: joining a wireless network, as the documented programs do it.
//! What the interface does is [`crate::wlan`]'s; all objects of the class stand for the one that
//! the board has.
//!
//! As on boards, `connect` with a wrong password or an unknown name raises nothing: the board
//! stays outside, and `isconnected()` and `status()` say so. Only an interface that is switched
//! off raises. A soft reset switches it off.

#![expect(
    clippy::unwrap_used,
    reason = "the macro sets constants so, and they can be set"
)]

pub(super) use definition::module_def;

#[rustpython_vm::pymodule(name = "network")]
mod definition {
    use std::net::Ipv4Addr;

    use rustpython_vm::builtins::PyType;
    use rustpython_vm::function::{ArgStrOrBytesLike, OptionalArg};
    use rustpython_vm::types::Constructor;
    use rustpython_vm::{FromArgs, Py, PyObjectRef, PyPayload, PyResult, VirtualMachine, pyclass};

    use crate::modules::socket_object::integer;
    use crate::net::Net;
    use crate::python::interruption::{board, call_net};
    use crate::wlan::{Status, Wlan};

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
    #[pyattr]
    const AUTH_WPA2_PSK: i32 = 3;
    #[pyattr]
    const AUTH_WPA_WPA2_PSK: i32 = 4;
    #[pyattr]
    const STAT_IDLE: i32 = 1000;
    #[pyattr]
    const STAT_NO_AP_FOUND: i32 = 201;
    #[pyattr]
    const STAT_WRONG_PASSWORD: i32 = 202;
    #[pyattr]
    const STAT_GOT_IP: i32 = 1010;

    /// The station interface.
    #[pyattr]
    #[pyclass(name = "WLAN")]
    #[derive(Debug, PyPayload)]
    pub(super) struct Station;

    #[derive(FromArgs)]
    struct Access {
        #[pyarg(any)]
        ssid: ArgStrOrBytesLike,
        #[pyarg(any, default)]
        password: Option<ArgStrOrBytesLike>,
        #[pyarg(any, default)]
        security: Option<PyObjectRef>,
    }

    impl Constructor for Station {
        type Args = OptionalArg<PyObjectRef>;

        fn py_new(
            _class: &Py<PyType>,
            interface: OptionalArg<PyObjectRef>,
            vm: &VirtualMachine,
        ) -> PyResult<Self> {
            let interface = match interface {
                OptionalArg::Present(interface) => integer(&interface, vm)?,
                OptionalArg::Missing => STA_IF,
            };
            match interface {
                STA_IF => Ok(Self),
                _ => Err(vm.new_value_error("this board is a station only: WLAN(STA_IF)")),
            }
        }
    }

    #[pyclass(with(Constructor), flags(IMMUTABLETYPE))]
    impl Station {
        /// `active()` says whether it is switched on, `active(on)` switches it.
        #[pymethod]
        fn active(&self, on: OptionalArg<PyObjectRef>, vm: &VirtualMachine) -> PyResult<bool> {
            if let OptionalArg::Present(on) = on {
                let on = on.is_true(vm)?;
                with_wlan(vm, |wlan, net| wlan.switch(net, on))?;
            }
            with_wlan(vm, |wlan, _| wlan.is_active())
        }

        /// Joins a network, waiting until the board is in it or is not let in.
        #[pymethod]
        fn connect(&self, access: Access, vm: &VirtualMachine) -> PyResult<()> {
            // The access point is protected by a password: another security does not fit it.
            let fits = match access.security {
                Some(security) => integer(&security, vm)? >= AUTH_PSK,
                None => true,
            };
            let board = board(vm)?;
            let mut wlan = board.wlan.borrow_mut();
            if !wlan.is_active() {
                return Err(vm.new_runtime_error("the interface is not active"));
            }
            let ssid = access.ssid.borrow_bytes();
            let password = access
                .password
                .as_ref()
                .map(ArgStrOrBytesLike::borrow_bytes);
            let password = password.as_deref().filter(|_| fits);
            call_net(&board, vm, |net| wlan.connect(net, &ssid, password))
        }

        #[pymethod]
        fn disconnect(&self, vm: &VirtualMachine) -> PyResult<()> {
            with_wlan(vm, |wlan, net| wlan.disconnect(net))
        }

        #[pymethod]
        fn isconnected(&self, vm: &VirtualMachine) -> PyResult<bool> {
            Ok(address(vm)?.is_some())
        }

        #[pymethod]
        fn status(&self, vm: &VirtualMachine) -> PyResult<i32> {
            let status = with_wlan(vm, |wlan, net| wlan.status(net))?;
            Ok(match status {
                Status::Idle => STAT_IDLE,
                Status::NoAccessPoint => STAT_NO_AP_FOUND,
                Status::WrongPassword => STAT_WRONG_PASSWORD,
                Status::Connected => STAT_GOT_IP,
            })
        }

        /// Tuples of name, hardware address, channel, signal strength, security and whether it
        /// is hidden.
        #[pymethod]
        fn scan(&self, vm: &VirtualMachine) -> PyResult<Vec<PyObjectRef>> {
            if !self.active(OptionalArg::Missing, vm)? {
                return Err(vm.new_runtime_error("the interface is not active"));
            }
            let found = with_wlan(vm, |_, net| {
                net.access_point()
                    .map(|access_point| access_point.ssid().as_bytes().to_vec())
            })?;
            Ok(Vec::from_iter(found.map(|ssid| {
                let hardware = vm.ctx.new_bytes(vec![2, 0, 0, 0, 0, 1]);
                let ssid = vm.ctx.new_bytes(ssid);
                vm.new_pyobj((ssid, hardware, 1, -40, AUTH_PSK, false))
            })))
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

    fn with_wlan<T>(
        vm: &VirtualMachine,
        call: impl FnOnce(&mut Wlan, &mut dyn Net) -> T,
    ) -> PyResult<T> {
        let board = board(vm)?;
        call_net(&board, vm, |net| {
            Ok(call(&mut board.wlan.borrow_mut(), net))
        })
    }

    fn address(vm: &VirtualMachine) -> PyResult<Option<Ipv4Addr>> {
        with_wlan(vm, |_, net| net.address())
    }
}
