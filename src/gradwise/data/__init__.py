"""Data: sets, loading, augmentation. See README.md in this folder."""

from gradwise.data.augment import HorizontalFlip, Noise, RandomAffine, RandomCrop
from gradwise.data.balance import Balanced
from gradwise.data.cifar10 import CIFAR10
from gradwise.data.colour import ColourJitter
from gradwise.data.digits import Digits
from gradwise.data.erase import Cutout, RandomErasing
from gradwise.data.folder import ImageFolder
from gradwise.data.given import Dataset, Tensors
from gradwise.data.grow import GrowingBatch
from gradwise.data.idx import MNIST, FashionMNIST
from gradwise.data.loader import batches, count_batches
from gradwise.data.mix import CutMix, Mixup
from gradwise.data.normalise import Normalise
from gradwise.data.npz import NPZ
from gradwise.data.policy import RandAugment, TrivialAugment
from gradwise.data.preflight import check
from gradwise.data.sets import Arrays, Mapped, Sets, Source
from gradwise.data.split import split
from gradwise.data.table import CSV
from gradwise.data.toy import XOR

__all__ = [
    "CIFAR10",
    "CSV",
    "MNIST",
    "NPZ",
    "XOR",
    "Arrays",
    "Balanced",
    "ColourJitter",
    "CutMix",
    "Cutout",
    "Dataset",
    "Digits",
    "FashionMNIST",
    "GrowingBatch",
    "HorizontalFlip",
    "ImageFolder",
    "Mapped",
    "Mixup",
    "Noise",
    "Normalise",
    "RandAugment",
    "RandomAffine",
    "RandomCrop",
    "RandomErasing",
    "Sets",
    "Source",
    "Tensors",
    "TrivialAugment",
    "batches",
    "check",
    "count_batches",
    "split",
]
