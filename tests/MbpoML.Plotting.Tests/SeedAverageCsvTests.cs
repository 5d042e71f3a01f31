using MbpoML.Tests;

namespace MbpoML.Plotting.Tests;

public class SeedAverageCsvTests
{
    [Test]
    public void Every_point_is_a_line()
    {
        using var folder = new TemporaryFolder();
        SeedAverageCsv.Write(folder["new", "x.csv"], [new("a, \"b\"", 3, [1, 2.5], [0.1, -2], [0, 1e-9]), new("SAC", 1, [7], [8], [0])]);
        Assert.That(File.ReadAllLines(folder["new", "x.csv"]), Is.EqualTo(new[]
        {
            "algorithm,seeds,step,return_mean,return_std", "\"a, \"\"b\"\"\",3,1,0.1,0", "\"a, \"\"b\"\"\",3,2.5,-2,1E-09", "SAC,1,7,8,0",
        }));
    }
}
