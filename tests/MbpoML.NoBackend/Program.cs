using MbpoML.Numerics;

try
{
    TorchRuntime.EnsureAvailable();
    Console.WriteLine("torch loads");
    return 0;
}
catch (PlatformNotSupportedException exception)
{
    Console.WriteLine(exception.Message);
    return 1;
}
