// The same where nearly every file reads or makes JSON.
#include "standard.hpp"

#include <nlohmann/json.hpp>
