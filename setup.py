from setuptools import find_packages, setup

# The folder `recipes/` is imported as `zoo.recipes`, a name that no folder of a person's own can shadow.
recipes = [f"zoo.{name}" for name in find_packages(include=["recipes", "recipes.*"])]
setup(packages=find_packages(include=["zoo", "zoo.*"]) + recipes, package_dir={"zoo.recipes": "recipes"})
