// The keys of what is sealed: whether all are there, and their rotation.
#pragma once

#include "app/context.hpp"
#include "resys/keys.hpp"
#include "resys/progress.hpp"

namespace resys::app {

// invalid_request if a key that seals something is missing, or opens nothing of what it should;
// not asked where the host allows that.
Result<void> require_keys(Context& context);

// See Shop::rotate_keys().
Result<KeyRotation> rotate_keys(Context& context, const ProgressFunction& progress);

}  // namespace resys::app
