// The page for addresses that lead nowhere.
import { frame } from "/scripts/frame.js";

frame();
