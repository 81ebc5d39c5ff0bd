// SPDX-License-Identifier: MIT
#pragma once

// Catch2 2 (Debian 12) and 3 (Debian 13) under one roof. Use ContainsSubstring and WithinAbs, never Approx.
#if __has_include(<catch2/catch_test_macros.hpp>)
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators_all.hpp>
#include <catch2/matchers/catch_matchers_all.hpp>
using Catch::Matchers::ContainsSubstring;
#else
#include <catch2/catch.hpp>
inline auto ContainsSubstring(const std::string& text) { return Catch::Matchers::Contains(text); }
#endif
