# SPDX-License-Identifier: MIT
# Finds what coldpitch is built on and gives each a target, under one name for Debian 12's and 13's versions.

find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(Mimetic REQUIRED)
find_package(Milter REQUIRED)
find_package(OpenSSL REQUIRED COMPONENTS Crypto)
find_package(spdlog REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(CLI11 REQUIRED)
find_package(prometheus-cpp REQUIRED)
find_package(civetweb REQUIRED)

pkg_check_modules(libarchive REQUIRED IMPORTED_TARGET libarchive)
pkg_check_modules(re2 REQUIRED IMPORTED_TARGET re2)
pkg_check_modules(libxml2 REQUIRED IMPORTED_TARGET libxml-2.0)
pkg_check_modules(icu REQUIRED IMPORTED_TARGET icu-uc icu-i18n)
pkg_check_modules(psl REQUIRED IMPORTED_TARGET libpsl)
pkg_check_modules(libpq REQUIRED IMPORTED_TARGET libpq)
pkg_check_modules(sqlite3 REQUIRED IMPORTED_TARGET sqlite3)
pkg_check_modules(systemd IMPORTED_TARGET libsystemd)
# Both or neither: DKIM is verified in this process only where keys can be had with a deadline.
pkg_check_modules(opendkim IMPORTED_TARGET opendkim)
find_package(Unbound)

# yaml-cpp 0.7 exports `yaml-cpp`, 0.8 `yaml-cpp::yaml-cpp`.
find_package(yaml-cpp REQUIRED)
if(NOT TARGET yaml-cpp::yaml-cpp)
  add_library(yaml-cpp::yaml-cpp ALIAS yaml-cpp)
endif()

find_path(EXPECTED_INCLUDE_DIR tl/expected.hpp REQUIRED)
find_path(CLD2_INCLUDE_DIR cld2/public/compact_lang_det.h REQUIRED)
find_library(CLD2_LIBRARY cld2 REQUIRED)
find_path(LINEAR_INCLUDE_DIR linear.h REQUIRED)
find_library(LINEAR_LIBRARY linear REQUIRED)
