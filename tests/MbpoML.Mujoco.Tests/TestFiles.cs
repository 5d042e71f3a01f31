namespace MbpoML.Mujoco.Tests;

internal static class TestFiles
{
    public static string At(string name) => Path.Combine(TestContext.CurrentContext.TestDirectory, "TestData", name);
}
