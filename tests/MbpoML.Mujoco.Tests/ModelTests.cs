using MbpoML.Tests;

namespace MbpoML.Mujoco.Tests;

/// <summary>Models from strangers: broken, hostile, or beyond what MuJoCo survives. Each gives an error, none ends the process.</summary>
[Category("Text")]
public class ModelTests
{
    private static readonly CustomMujocoEnvironment.Options Nothing = new() { Reward = _ => 0 };

    [Test]
    public void Sizes_and_names_are_those_of_the_file()
    {
        using var model = MujocoModel.FromText(SmallModels.Cart);
        Assert.Multiple(() =>
        {
            Assert.That((model.PositionSize, model.VelocitySize, model.ActionSize, model.BodyCount, model.TimeStep), Is.EqualTo((1, 1, 1, 2, 0.01)));
            Assert.That((model.FindBody("cart"), model.FindSite("mast")), Is.EqualTo((1, 0)));
            Assert.That(() => model.FindBody("wheel"), Throws.ArgumentException.With.Message.Contains("no body named 'wheel'"));
            Assert.That(() => model.FindSite("cart"), Throws.ArgumentException.With.Message.Contains("no site named 'cart'"));
        });
    }

    [TestCase("no XML at all", "does not accept")]
    [TestCase("<mujoco><worldbody>", "does not accept")]
    [TestCase("<mujoco><worldbody></mujoco>", "does not accept")]
    [TestCase("<html/>", "does not accept")]
    [TestCase("<mujoco><worldbod/></mujoco>", "worldbod")]
    [TestCase("<mujoco><worldbody><geom size=\"big\"/></worldbody></mujoco>", "size")]
    [TestCase("<mujoco><worldbody><geom size=\"-1\"/></worldbody></mujoco>", "size")]
    [TestCase("<mujoco><worldbody><body><joint/></body></worldbody></mujoco>", "mass")]
    [TestCase("<mujoco><asset><mesh name=\"a\" file=\"none.stl\"/></asset></mujoco>", "none.stl")]
    [TestCase("<mujoco><include file=\"none.xml\"/></mujoco>", "none.xml")]
    [TestCase("<mujoco><actuator><motor joint=\"none\"/></actuator></mujoco>", "none")]
    [TestCase("<mujoco><size nstack=\"99999999999\"/></mujoco>", "nstack=\"99999999999\"")]
    [TestCase("<mujoco><size njmax=\"2000000000\"/></mujoco>", "njmax")]
    [TestCase("<mujoco><!-- -- --><size nkey = '1e300'/></mujoco>", "nkey")]
    public void Text_that_is_no_model_is_an_error_that_tells_why(string mjcf, string why) =>
        Assert.That(() => MujocoModel.FromText(mjcf), Throws.InstanceOf<MujocoException>().With.Message.Contains(why));

    // MuJoCo accepts some of these. What comes of them must show at the latest in the first steps.
    [TestCase("size=\"0.1\"", "size=\"nan\"")]
    [TestCase("timestep=\"0.01\"", "timestep=\"nan\"")]
    [TestCase("timestep=\"0.01\"", "timestep=\"-1\"")]
    [TestCase("timestep=\"0.01\"", "timestep=\"0\"")]
    [TestCase("gear=\"2\"", "gear=\"nan\"")]
    [TestCase("gear=\"2\"", "gear=\"1e300\"")]
    [TestCase("ctrlrange=\"-3 1\"", "ctrlrange=\"nan 1\"")]
    [TestCase("ctrlrange=\"-3 1\"", "ctrlrange=\"1 -3\"")]
    [TestCase("axis=\"1 0 0\"", "axis=\"nan 0 0\"")]
    [TestCase("axis=\"1 0 0\"", "axis=\"0 0 0\"")]
    public void Numbers_that_make_no_sense_are_errors(string part, string with)
    {
        Assert.That(() => Run(SmallModels.Cart.Replace(part, with)), Throws.InstanceOf<MujocoException>().Or.InstanceOf<ArgumentException>());
    }

    [Test]
    public void Nesting_without_end_is_refused_and_deep_trees_are_not()
    {
        Assert.That(() => MujocoModel.FromText(Nested(50_000)), Throws.InstanceOf<MujocoException>());
        using var model = MujocoModel.FromText(Nested(90));
        Assert.That(model.BodyCount, Is.EqualTo(91));

        static string Nested(int depth) =>
            $"<mujoco><worldbody>{string.Concat(Enumerable.Repeat("<body>", depth))}<geom " +
                $"size=\"1\"/>{string.Concat(Enumerable.Repeat("</body>", depth))}</worldbody></mujoco>";
    }

    [Test]
    public void Models_with_flipped_bytes_give_models_or_errors()
    {
        var random = new Random(1);
        var accepted = 0;
        foreach (var task in MujocoTasks.All)
            for (var trial = 0; trial < 60; trial++)
            {
                var text = Native.TaskModel.Text(task.ModelName, addsMargins: false).ToCharArray();
                for (var flips = random.Next(1, 4); flips > 0; flips--) text[random.Next(text.Length)] = (char)random.Next(32, 127);
                try
                {
                    Run(new string(text));
                    accepted++;
                }
                catch (Exception exception) when (exception is MujocoException or ArgumentException)
                {
                    // What the test allows.
                }
            }

        Assert.That(accepted, Is.InRange(20, 400), "most flips are errors, some are not");
    }

    [Test]
    public void A_model_without_motors_or_with_unbounded_ones_is_refused()
    {
        Assert.That(() => Run("<mujoco><worldbody><body><joint/><geom size=\"1\"/></body></worldbody></mujoco>"),
            Throws.ArgumentException.With.Message.Contains("no actuators"));
        Assert.That(() => Run(SmallModels.Cart.Replace(" ctrllimited=\"true\" ctrlrange=\"-3 1\"", "")),
            Throws.ArgumentException.With.Message.Contains("Actuator 0 of 1 has no range"));
    }

    [TestCase("<geom size=\"0.1\"/>", "")]
    [TestCase("<geom size=\"0.1\"/><site name=\"s\"/>", "<actuator><general site=\"s\" ctrllimited=\"true\" ctrlrange=\"-1 1\"/></actuator>")]
    public void A_model_in_which_nothing_moves_is_refused_with_the_cause(string body, string actuators)
    {
        var mjcf = $"<mujoco><worldbody><body>{body}</body></worldbody>{actuators}</mujoco>";
        Assert.That(() => Run(mjcf), Throws.ArgumentException.With.Message.Contains("no body has a joint").And.Property("ParamName").EqualTo("model"));
        using var model = MujocoModel.FromText(mjcf);
        Assert.That(
            () => new CustomMujocoEnvironment(model, new() { Reward = _ => 0, Observe = (_, observation) => observation[0] = 0, ObservationSize = 1 }),
            Throws.ArgumentException.With.Message.Contains("no body has a joint"));
    }

    [TestCase("-inf 1")]
    [TestCase("-1 inf")]
    public void A_range_without_an_end_is_refused(string range) =>
        Assert.That(() => Run(SmallModels.Cart.Replace("ctrlrange=\"-3 1\"", $"ctrlrange=\"{range}\"")),
            Throws.ArgumentException.With.Message.Contains("both ends must be finite"));

    // Twice the noise must be a number, or the generator would blame a bound that nobody gave.
    [Test]
    public void Noise_beyond_all_numbers_is_refused_by_its_own_name()
    {
        using var model = MujocoModel.FromText(SmallModels.Cart);
        Assert.That(() => new CustomMujocoEnvironment(model, new() { Reward = _ => 0, PositionNoise = 1e308 }),
            Throws.InstanceOf<ArgumentOutOfRangeException>().With.Property("ParamName").EqualTo("PositionNoise"));
        Assert.That(() => new CustomMujocoEnvironment(model, new() { Reward = _ => 0, VelocityNoise = 1e308 }),
            Throws.InstanceOf<ArgumentOutOfRangeException>().With.Property("ParamName").EqualTo("VelocityNoise"));
    }

    [Test]
    public void A_missing_file_is_named()
    {
        using var folder = new TemporaryFolder();
        Assert.That(() => MujocoModel.FromFile(folder["robot.xml"]), Throws.InstanceOf<FileNotFoundException>().With.Message.Contains("robot.xml"));
        Assert.That(() => MujocoModel.FromFile(folder.FullName), Throws.InstanceOf<FileNotFoundException>());
        File.WriteAllText(folder["empty.xml"], "");
        Assert.That(() => MujocoModel.FromFile(folder["empty.xml"]), Throws.InstanceOf<MujocoException>().With.Message.Contains("empty.xml is empty"));
    }

    // As a checkout on Windows may have made them.
    [TestCaseSource(typeof(MujocoTasks), nameof(MujocoTasks.All))]
    public void A_model_is_the_same_whatever_its_lines_end_with(MujocoTask task)
    {
        var text = Native.TaskModel.Text(task.ModelName, MujocoRuntime.Library.AddsMargins).ReplaceLineEndings("\n");
        Assert.That(Episode(text.ReplaceLineEndings("\r\n")), Is.EqualTo(Episode(text)));

        static double[] Episode(string mjcf)
        {
            using var model = MujocoModel.FromText(mjcf);
            using var environment = new CustomMujocoEnvironment(model, Nothing);
            var observation = new double[environment.ObservationSpace.Size];
            RunOn(environment, observation);
            return observation;
        }
    }

    [Test]
    public void A_file_finds_the_files_beside_it()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["robot.xml"], "<mujoco><include file=\"limb.xml\"/></mujoco>");
        File.WriteAllText(folder["limb.xml"], "<mujocoinclude><worldbody><body name=\"limb\"><joint/><geom size=\"1\"/></body></worldbody></mujocoinclude>");
        using var model = MujocoModel.FromFile(folder["robot.xml"]);
        Assert.That(model.FindBody("limb"), Is.EqualTo(1));
    }

    // Boxes that fall into one place have more contacts than this stack holds: MuJoCo's own reaction is to end the process.
    [Test]
    public void A_fatal_error_of_MuJoCo_ends_the_environment_and_not_the_process()
    {
        // From 2.3 on, one piece of memory holds contacts, constraints and stack.
        var size = Version.Parse(MujocoRuntime.Release) < new Version(2, 3) ? "nstack=\"5000\" nconmax=\"2000\" njmax=\"9000\"" : "memory=\"40K\"";
        var boxes = string.Concat(
            Enumerable.Range(1, 10).Select(
                box => $"<body pos=\"{box} 0 9\"><joint type=\"slide\" axis=\"1 0 0\"/><geom type=\"box\" size=\"0.1 0.1 0.1\"/></body>"));
        using var model = MujocoModel.FromText(
            SmallModels.Cart.Replace("<worldbody>", $"<size {size}/><worldbody>{boxes}"));
        using var environment = new CustomMujocoEnvironment(model, new CustomMujocoEnvironment.Options
        {
            Reward = _ => 0,
            // The boxes come first, and stand where their positions take them back to.
            Start = (_, positions, _) =>
            {
                for (var box = 0; box < 10; box++) positions[box] = -box;
            },
        });
        var observation = new double[environment.ObservationSpace.Size];
        Assert.That(() => RunOn(environment, observation), Throws.InstanceOf<MujocoException>().With.Message.Contains("does not survive"));
        Assert.That(() => environment.Reset(1, observation), Throws.InstanceOf<MujocoException>().With.Message.Contains("make another one"));
        Run(SmallModels.Cart);
    }

    [Test]
    public void An_unstable_simulation_is_an_error_and_nothing_is_printed_or_written()
    {
        using var folder = new TemporaryFolder();
        var child = ChildProcess.Dotnet([typeof(ModelTests).Assembly.Location, "unstable"], workingFolder: folder.FullName);
        Assert.Multiple(() =>
        {
            Assert.That(child.Output, Does.StartWith("The simulation became unstable").And.Contain("MuJoCo said"));
            Assert.That((child.Errors, child.ExitCode), Is.EqualTo(("", 1)));
            Assert.That(Directory.EnumerateFileSystemEntries(folder.FullName), Is.Empty, "MUJOCO_LOG.TXT");
        });
    }

    [Test]
    public void No_file_is_left_behind()
    {
        static int Left() => Directory.EnumerateFiles(Path.GetTempPath(), "mbpoml-*.xml").Count();
        var before = Left();
        Assert.That(() => MujocoModel.FromText("<html/>"), Throws.InstanceOf<MujocoException>());
        using var model = MujocoModel.FromText(SmallModels.Cart);
        Assert.That(Left(), Is.LessThanOrEqualTo(before));
    }

    private static void Run(string mjcf)
    {
        using var model = MujocoModel.FromText(mjcf);
        using var environment = new CustomMujocoEnvironment(model, Nothing);
        RunOn(environment, new double[environment.ObservationSpace.Size]);
    }

    private static void RunOn(CustomMujocoEnvironment environment, double[] observation)
    {
        var action = environment.ActionSpace.High.ToArray();
        environment.Reset(1, observation);
        for (var step = 0; step < 20; step++) environment.Step(action, observation);
    }
}
