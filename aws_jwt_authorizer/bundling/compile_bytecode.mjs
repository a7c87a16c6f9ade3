// Compiles Python modules in place with the CPython of a pyodide package, until stdin ends.
// Argument: the package's folder. A request is one line of JSON, { folder, modules }, and so is its
// answer: { python } once it has started, then { error }, which is null when all were compiled.
import { createInterface } from "node:readline";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const BUNDLE = "/bundle";
const PROGRAM = `
import py_compile, sys, warnings

warnings.simplefilter("ignore")
VERSION = "%d.%d" % sys.version_info[:2]
UNCHECKED = py_compile.PycInvalidationMode.UNCHECKED_HASH

def compile_modules(bundle, task_root, modules):
    for name in modules:
        try:
            py_compile.compile(
                f"{bundle}/{name}",
                dfile=f"{task_root}/{name}",
                doraise=True,
                invalidation_mode=UNCHECKED,
            )
        except py_compile.PyCompileError as error:
            return f"{name}: {error.exc_type_name}: {error.exc_value}"
`;

const [packageFolder, taskRoot] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(join(packageFolder, "pyodide.mjs")).href);
const toStderr = (text) => process.stderr.write(`${text}\n`);
const python = await loadPyodide({
  indexURL: packageFolder,
  stdout: toStderr,
  stderr: toStderr,
});
python.runPython(PROGRAM);
const compileModules = python.globals.get("compile_modules");
const answer = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);

answer({ python: python.globals.get("VERSION") });
for await (const line of createInterface({ input: process.stdin })) {
  const { folder, modules } = JSON.parse(line);
  python.FS.mkdirTree(BUNDLE);
  python.FS.mount(python.FS.filesystems.NODEFS, { root: folder }, BUNDLE);
  const error = compileModules(BUNDLE, taskRoot, python.toPy(modules));
  python.FS.unmount(BUNDLE);
  answer({ error: error ?? null });
}
