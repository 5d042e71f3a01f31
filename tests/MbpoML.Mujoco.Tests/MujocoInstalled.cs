using MbpoML.Numerics.Torch;

namespace MbpoML.Mujoco.Tests;

/// <summary>Without MuJoCo every test of this project fails, once and with the message that says how to install it.</summary>
[SetUpFixture]
public class MujocoInstalled
{
    [OneTimeSetUp]
    public void Check()
    {
        TorchRuntime.EnsureAvailable();
        TorchSharp.torch.set_num_threads(1);
        MujocoRuntime.EnsureAvailable();
    }
}
