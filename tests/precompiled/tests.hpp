// The same for tests, with the largest header of all.
#include "../../src/precompiled/standard.hpp"
#include "../catch.hpp"
