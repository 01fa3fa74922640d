// The same for what git is asked and told.
#include "git/context.hpp"
#include "git/queries.hpp"
#include "loop/child.hpp"
#include "loop/job.hpp"
#include "standard.hpp"
