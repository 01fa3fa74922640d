// The same for the program, most of which also waits for git.
#include "git/repository.hpp"
#include "loop/child.hpp"
#include "loop/job.hpp"
#include "loop/loop.hpp"
#include "orch/config/config.hpp"
#include "state.hpp"
