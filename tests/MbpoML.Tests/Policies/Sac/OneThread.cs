using static TorchSharp.torch;

namespace MbpoML.Tests.Policies.Sac;

/// <summary>
/// Small tensors gain nothing from torch's own threads and lose much where other programs use the cores: the tests of this room run with one, and give the
/// number back.
/// </summary>
[SetUpFixture]
public class OneThread
{
    private int _before;

    [OneTimeSetUp]
    public void Set()
    {
        _before = get_num_threads();
        set_num_threads(1);
    }

    [OneTimeTearDown]
    public void Restore() => set_num_threads(_before);
}
