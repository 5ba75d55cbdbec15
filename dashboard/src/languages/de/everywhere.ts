/** What every page says: it comes in one file, while a module's own texts come with the module. */
export { default as app } from "./app";
export { default as core } from "./core";
export { default as places } from "./places";
export { default as problems } from "./problems";
