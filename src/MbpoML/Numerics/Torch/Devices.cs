using System.Globalization;
using System.Runtime.CompilerServices;
using TorchSharp;
using static TorchSharp.torch;

namespace MbpoML.Numerics.Torch;

/// <summary>What the options named Device mean.</summary>
internal static class Devices
{
    /// <summary>"cpu", "cuda" (the first one) or "cuda:1".</summary>
    /// <exception cref="ArgumentException">Another name, or a device that torch does not find here.</exception>
    public static Device Parse(string name, [CallerArgumentExpression(nameof(name))] string? option = null)
    {
        if (name == "cpu") return CPU;
        var index = 0;
        if (name != "cuda" &&
            !(name.StartsWith("cuda:", StringComparison.Ordinal) && int.TryParse(name.AsSpan(5), NumberStyles.None, CultureInfo.InvariantCulture, out index)))
            throw new ArgumentException($"{option} is '{name}', but must be 'cpu', 'cuda' or 'cuda:<index>'.", option);
        if (!cuda_is_available())
            throw new ArgumentException(
                $"{option} is '{name}', but torch finds no CUDA device. That takes an NVIDIA GPU with its driver, and a torch with CUDA: the package " +
                "TorchSharp-cuda-linux, or a PyTorch " +
                $"installation whose folder the environment variable {TorchRuntime.FolderVariable} names. Otherwise use 'cpu'.", option);
        return index < cuda.device_count()
            ? new Device(DeviceType.CUDA, index)
            : throw new ArgumentException(Invariant($"{option} is '{name}', but torch finds {cuda.device_count()} CUDA devices, numbered from 0."), option);
    }

    /// <summary>Checks that a device made elsewhere can be used.</summary>
    /// <exception cref="ArgumentException">It is a CUDA device that torch does not find here.</exception>
    public static Device Present(Device device, [CallerArgumentExpression(nameof(device))] string? name = null)
    {
        if (device.type == DeviceType.CUDA) Parse(Invariant($"cuda:{Math.Max(0, device.index)}"), name);
        return device;
    }

    /// <summary>Checks a device that may be left open.</summary>
    /// <exception cref="ArgumentException">It is given and cannot be used.</exception>
    public static void Validate(string? name, [CallerArgumentExpression(nameof(name))] string? option = null)
    {
        if (name is not null) Parse(name, option);
    }

    /// <summary>Checks that a stage does not ask for another device than the trainer that it becomes part of.</summary>
    /// <exception cref="ArgumentException">Both are given and differ.</exception>
    public static void CheckAgreement(string? trainer, string? stage, string stageName)
    {
        if (trainer is null || stage is null || Parse(trainer) == Parse(stage)) return;
        throw new ArgumentException(
            $"MbpoTrainer.Options.Device is '{trainer}', but the options of the {stageName} say '{stage}'. Give the device to the trainer alone: its stages " +
                "follow.", nameof(trainer));
    }
}
