import pytest

from app.zoo.building.known_tasks import known_task

N_CLASSES = {
    "Cars": 196,
    "DTD": 47,
    "EuroSAT": 10,
    "GTSRB": 43,
    "MNIST": 10,
    "RESISC45": 45,
    "SUN397": 397,
    "SVHN": 10,
    "CIFAR10": 10,
    "CIFAR100": 100,
    "STL10": 10,
    "Flowers102": 102,
    "OxfordIIITPet": 37,
    "PCAM": 2,
    "FER2013": 7,
    "EMNIST": 10,
    "Food101": 101,
    "FashionMNIST": 10,
    "RenderedSST2": 2,
    "KMNIST": 10,
}


@pytest.mark.parametrize(("name", "n_classes"), N_CLASSES.items())
def test_a_task_has_its_classes_once_and_templates_with_one_place_for_them(name, n_classes):
    task = known_task(name)

    assert task.name == name
    assert len(task.classes) == len(set(task.classes)) == n_classes
    assert task.templates
    assert all(template.count("{}") == 1 for template in task.templates)
    assert all(text == " ".join(text.split()) for text in (*task.classes, *task.templates))


@pytest.mark.parametrize(
    "name", ["SUN397", "Food101", "OxfordIIITPet", "CIFAR100", "DTD", "RESISC45", "STL10"]
)
def test_labels_that_follow_the_alphabet_do_so_here(name):
    classes = known_task(name).classes

    assert list(classes) == sorted(classes)


@pytest.mark.parametrize(
    ("spelled", "name"),
    [
        ("stanford_cars", "Cars"),
        ("Oxford-Pets", "OxfordIIITPet"),
        ("sun 397", "SUN397"),
        ("sst2", "RenderedSST2"),
    ],
)
def test_other_spellings_are_the_same_task(spelled, name):
    assert known_task(spelled).name == name


@pytest.mark.parametrize("name", ["", "mine", "MNIST2", "car"])
def test_other_names_are_no_known_task(name):
    assert known_task(name) is None


@pytest.mark.parametrize(
    ("name", "label", "called"),
    [
        ("FER2013", 4, "sad"),
        ("FER2013", 6, "neutral"),
        ("GTSRB", 14, "stop"),
        ("GTSRB", 42, "end of no passing for trucks"),
        ("Flowers102", 50, "petunia"),
        ("EuroSAT", 9, "lake or sea"),
        ("FashionMNIST", 9, "ankle boot"),
    ],
)
def test_labels_that_follow_no_alphabet_are_those_of_the_data_set(name, label, called):
    assert known_task(name).classes[label] == called
