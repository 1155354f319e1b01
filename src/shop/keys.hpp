// The secret keys: whether all of them are there, and their rotation.
#pragma once

#include "base/context.hpp"
#include "resys/keys.hpp"
#include "resys/progress.hpp"

namespace resys::app {

// invalid_request if a key is missing, or opens nothing of what it should have sealed. Checks
// nothing if the host allows missing keys.
Result<void> require_keys(Context& context);

// See Shop::rotate_keys().
Result<KeyRotation> rotate_keys(Context& context, const ProgressFunction& progress);

}  // namespace resys::app
