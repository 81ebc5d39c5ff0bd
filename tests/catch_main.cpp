// SPDX-License-Identifier: MIT
// Catch2 before version 3 is header-only and wants its main in one file of ours.
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>
