#pragma once
// Catch2, whichever major version the system has.
#define CATCH_CONFIG_NO_POSIX_SIGNALS
#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>
#else
#include <catch2/catch.hpp>
#endif
