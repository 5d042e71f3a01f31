using MbpoML.Numerics.Torch;
using static TorchSharp.torch;

namespace MbpoML.Tests;

/// <summary>
/// Small tensors gain nothing from torch's own threads and lose much where other programs use the cores: all tests run with one, so that they take the same
/// time and give the same numbers everywhere. The number is given back at the end.
/// </summary>
[SetUpFixture]
public class OneThread
{
    private int _before;

    [OneTimeSetUp]
    public void Set()
    {
        // The first use of torch in the process: where the system needs help to load it, the library must be there before.
        TorchRuntime.EnsureAvailable();
        _before = get_num_threads();
        set_num_threads(1);
    }

    [OneTimeTearDown]
    public void Restore() => set_num_threads(_before);
}
