//! LuaJIT: the declarations as they are, for ffi.cdef; their enumerators are constants of the library then.

use super::{MARK, each};
use crate::header::Header;

pub(super) fn raw(header: &Header) -> String {
    let versions = each(&header.versions, |c| format!("raw.{} = {}\n", c.name, c.value));
    format!(
        "-- {MARK}\n\
         -- The declarations of mlab.h. The enumerators become constants of whatever ffi.load gives.\n\
         local ffi = require \"ffi\"\n\
         local raw = {{}}\n\n{versions}\nffi.cdef [[\n{}]]\n\nreturn raw\n",
        header.declarations
    )
}
