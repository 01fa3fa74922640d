"""The laboratory's scripted model, but what it was to do stays so: a text without directives, such as "Continue." or a
reminder, has it go on with the script of the last one that has some.

  lasting_model.py PATH/fake_llm.py OPTIONS OF IT
"""
import importlib.util
import sys


def load(path):
    spec = importlib.util.spec_from_file_location("fake_llm", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def main():
    model = load(sys.argv.pop(1))
    typed = model.typed

    def with_script(text):
        text = typed(text)
        return text if model.directives(text) else ""

    model.typed = with_script
    return model.main()


if __name__ == "__main__":
    sys.exit(main())
