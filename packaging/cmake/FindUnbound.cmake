# SPDX-License-Identifier: MIT
# Debian's package file asks for libevent, which its development package does not bring along and the library's user does not need.
find_path(Unbound_INCLUDE_DIR unbound.h)
find_library(Unbound_LIBRARY unbound)

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(Unbound REQUIRED_VARS Unbound_LIBRARY Unbound_INCLUDE_DIR)

if(Unbound_FOUND AND NOT TARGET Unbound::Unbound)
  add_library(Unbound::Unbound UNKNOWN IMPORTED)
  set_target_properties(Unbound::Unbound PROPERTIES IMPORTED_LOCATION ${Unbound_LIBRARY} INTERFACE_INCLUDE_DIRECTORIES
                                                                                         ${Unbound_INCLUDE_DIR})
endif()
