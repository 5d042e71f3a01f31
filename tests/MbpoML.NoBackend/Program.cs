using MbpoML.Numerics.Torch;

// Each argument is a folder to take libtorch from, in turn; "-" uses torch.
try
{
    foreach (var argument in args)
    {
        if (argument == "-") TorchRuntime.EnsureAvailable();
        else TorchRuntime.UseLibTorch(argument);
    }
    TorchRuntime.EnsureAvailable();
    using var sum = TorchSharp.torch.ones(3).sum();
    Console.WriteLine(sum.item<float>() == 3 ? "torch loads" : "torch cannot count to three");
    return 0;
}
catch (Exception exception) when (exception is PlatformNotSupportedException or IOException or InvalidOperationException)
{
    Console.WriteLine(exception.Message);
    return 1;
}
