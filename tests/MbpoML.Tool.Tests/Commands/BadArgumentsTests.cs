using MbpoML.Tests;

namespace MbpoML.Tool.Tests.Commands;

/// <summary>Whatever cannot be done as it is asked for ends with exit code 2, says what is allowed, and writes nothing.</summary>
[Category("Text")]
public class BadArgumentsTests
{
    [TestCase("", "Required command")]
    [TestCase("trian Pendulum", "There is no command 'trian'. Did you mean train? There are: tasks, train")]
    [TestCase("diagnose horzon nowhere", "There is no command 'horzon'. Did you mean horizon?")]
    [TestCase("diagnose horzon nowhere", "'mbpo diagnose --help' tells what is allowed.")]
    [TestCase("diagnose horizon nowhere --sampels 3", "There is no option '--sampels'. Did you mean --samples?")]
    [TestCase("--sed 1", "There is no option '--sed'.")]
    [TestCase("train", "Name a task, as in 'mbpo train Pendulum'")]
    [TestCase("train Pendulm", "Did you mean Pendulum? There are: Pendulum, CartPole")]
    [TestCase("train Pendulum --preset papr", "Pendulum has no preset 'papr'. Allowed: tuned, fast.")]
    [TestCase("train Pendulum --algorithm sca", "Did you mean sac? There are: mbpo, dhmbpo, pets, metrpo, planet, dyna, sac, ppo.")]
    [TestCase("train Pendulum --sed 1", "There is no option '--sed'. Did you mean --seed?")]
    [TestCase("train --sed 1", "There is no option '--sed'. Did you mean --seed?")]
    [TestCase("train Pendulum --set Policy.Discount=0.9 --sed=1", "There is no option '--sed'. Did you mean --seed?")]
    [TestCase("evaluate nowhere --episods 3", "There is no option '--episods'. Did you mean --episodes?")]
    [TestCase("train Pendulum --seed one", "--seed is 'one', but must be a whole number")]
    [TestCase("train Pendulum --seed 99999999999", "--seed is '99999999999', but must be a whole number, at most 2147483647")]
    [TestCase("train Pendulum --checkpoint-minutes soon", "--checkpoint-minutes is 'soon', but must be a number, as in 0.05")]
    [TestCase("diagnose generalization --task Pendulum --noise loud", "--noise is 'loud', but must be a number")]
    [TestCase("train Pendulum --seeds 1,1", "write different numbers from 0, as in 1,2,3 or 1..5")]
    [TestCase("train Pendulum --seeds 5..1", "'5..1' are no seeds")]
    [TestCase("train Pendulum --seed 1 --seeds 2", "not both")]
    [TestCase("train Pendulum --seed -1", "--seed is -1, but must be a whole number from 0")]
    [TestCase("train Pendulum --steps 250",
        "All 250 steps would be random exploration (250 steps). Give more steps, or set InitialExplorationSteps below them.")]
    [TestCase("train Hopper --steps 3000", "All 3000 steps would be random exploration (5000 steps)")]
    [TestCase("train Pendulum --set Trainer.InitialExplorationSteps=0",
        "The model needs at least 2 transitions before its first fit. Set InitialExplorationSteps to 2 or more")]
    [TestCase("ablate Pendulum --steps 250", "All 250 steps would be random exploration")]
    [TestCase("ablate Pendulum --set Trainer.EpochLength=0", "EpochLength must be at least 1")]
    [TestCase("train Pendulum --steps many", "--steps is 'many', but must be a whole number")]
    [TestCase("train Pendulum --steps 0", "Steps must be at least 1")]
    [TestCase("train Pendulum --workers 3", "--workers is 3, but must be 1 or 2")]
    [TestCase("train Pendulum --parallel 0", "--parallel is 0, but must be at least 1")]
    [TestCase("train Pendulum --device gpu", "'gpu'")]
    [TestCase("train Pendulum --checkpoint-minutes 0", "--checkpoint-minutes is 0, but must be a number from 0.001 to 525600")]
    [TestCase("train Pendulum --checkpoint-minutes NaN", "--checkpoint-minutes is NaN")]
    [TestCase("train Pendulum --checkpoint-minutes 1e300", "--checkpoint-minutes is 1E+300")]
    [TestCase("train Pendulum --set Policy.LerningRate=1", "There is no option 'Policy.LerningRate'. The nearest: Policy.LearningRate")]
    [TestCase("train Pendulum --set LearningRate=1",
        "There are several options 'LearningRate'. Write one of them with its stage: Dynamics.LearningRate, Policy.LearningRate.")]
    [TestCase("train Pendulum --set LerningRate=1", "The nearest: Dynamics.LearningRate, Policy.LearningRate")]
    [TestCase("train Pendulum --set Policy.LearningRate", "write Stage.Option=Value")]
    [TestCase("train Pendulum --set Policy.LearningRate=fast", "Policy.LearningRate cannot be 'fast': expected is a number")]
    [TestCase("train Pendulum --set Policy.LearningRate=-1", "LearningRate must be a finite number above 0")]
    [TestCase("train Pendulum --set Policy.LearningRate=", "it must have a value")]
    [TestCase("train Pendulum --set Rollouts.Schedule=Cubic(1)", "Constant(length), Linear(firstEpoch, lastEpoch, firstLength, lastLength)")]
    [TestCase("train Pendulum --set Trainer.Seed=3", "is given by --seed")]
    [TestCase("train Pendulum --set Trainer.Checkpoints.Folder=x", "is given by --out")]
    [TestCase("train Pendulum --set Folder=x", "Trainer.Checkpoints.Folder is given by --out")]
    [TestCase("train --set Policy.LearningRate=1 Pendulm", "Did you mean Pendulum?")]
    [TestCase("resume --set Policy.LearningRate=1 nowhere", "There is no run in 'nowhere'")]
    [TestCase("train Pendulum --set Trainer.Reward=x", "can be given in code only")]
    [TestCase("train --options nowhere.json", "There is no file 'nowhere.json'")]
    [TestCase("resume nowhere", "There is no run in 'nowhere'")]
    [TestCase("resume", "Required argument")]
    [TestCase("evaluate nowhere", "There is no run in 'nowhere'")]
    [TestCase("evaluate nowhere --episodes 0", "--episodes is 0, but must be at least 1")]
    [TestCase("plot nowhere", "There is no run in 'nowhere'")]
    [TestCase("plot nowhere --out x.bmp", "a picture's name ends with .png or .svg")]
    [TestCase("report nowhere", "There is no run in 'nowhere'")]
    [TestCase("plot nowhere --published macur", "There is no published curve 'macur'. Did you mean macura? There are: mbpo, macura, dhmbpo, dhmbpo-utd2, sac")]
    [TestCase("report nowhere --published macura,xcq", "There is no published curve 'xcq'. Did you mean xqc?")]
    [TestCase("report nowhere --published ,", "--published is ',', but must be one or more names, as in macura,dhmbpo.")]
    [TestCase("report nowhere.csv", "There is no run in 'nowhere.csv'")]
    [TestCase("report nowhere --every 0", "--every is 0, but must be at least 1")]
    [TestCase("report nowhere --into nowhere.md", "There is no page 'nowhere.md'")]
    public void The_message_says_what_is_allowed(string arguments, string expected)
    {
        var result = ToolResult.Of(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Multiple(() =>
        {
            Assert.That(result.Code, Is.EqualTo(ExitCodes.BadArguments));
            Assert.That(result.Errors, Does.Contain(expected));
            Assert.That(Directory.Exists("runs"), Is.False);
        });
    }

    [Test]
    public void A_folder_with_a_run_takes_no_other()
    {
        var result = ToolResult.Of(ToolResult.TinyPendulum(TrainedRun.Folder));
        result.MustFail(ExitCodes.BadArguments, $"go on with that run by: mbpo resume {TrainedRun.Folder}");
    }

    [TestCase("train")]
    [TestCase("train", "--seeds", "1,2")]
    [TestCase("ablate")]
    public void An_output_folder_has_a_name(string command, params string[] more) =>
        ToolResult.Of([command, "Pendulum", "--out", "", .. more]).MustFail(ExitCodes.BadArguments, "--out is '', but must name a folder, as in runs");

    [TestCase("file")]
    [TestCase("file", "below")]
    [TestCase("file", "further", "below")]
    public void A_file_is_no_output_folder_and_holds_none(params string[] parts)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["file"], "mine");
        foreach (var more in (string[][])[[], ["--seeds", "1,2"]])
            ToolResult.Of(ToolResult.TinyPendulum(folder[parts], more))
                .MustFail(ExitCodes.BadArguments, $"--out is '{folder[parts]}', but '{folder["file"]}' is a file: name a folder");
        ToolResult.Of("ablate", "Pendulum", "--out", folder[parts]).MustFail(ExitCodes.BadArguments, "is a file");
        Assert.That(File.ReadAllText(folder["file"]), Is.EqualTo("mine"));
    }

    [TestCase("metrics.jsonl")]
    [TestCase("policy.zip")]
    [TestCase("report.json")]
    [TestCase("training.lock")]
    [TestCase("tensorboard", "mine")]
    [TestCase("checkpoints", "step-000000000150.checkpoint")]
    [TestCase("options.json", "mine")]
    public void A_folder_that_is_no_run_but_holds_a_name_of_one_is_left_alone(params string[] parts)
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(Path.GetDirectoryName(folder[["seed-2", .. parts]])!);
        File.WriteAllText(folder[["seed-2", .. parts]], "mine");
        ToolResult.Of(ToolResult.TinyPendulum(folder["seed-2"]))
            .MustFail(ExitCodes.BadArguments, $"'{folder["seed-2", parts[0]]}' is there, which a run would write over");
        ToolResult.Of(ToolResult.TinyPendulum(folder.FullName, "--seeds", "1,2")).MustFail(ExitCodes.BadArguments, "move that away");
        Assert.That(Directory.GetFiles(folder.FullName, "*", SearchOption.AllDirectories), Is.EqualTo(new[] { folder[["seed-2", .. parts]] }));
        Assert.That(File.ReadAllText(folder[["seed-2", .. parts]]), Is.EqualTo("mine"));
    }

    [TestCase("--preset", "fast", "leave out --preset and --algorithm")]
    [TestCase("--algorithm", "sac", "leave out --preset and --algorithm")]
    public void Options_of_a_run_bring_their_own_preset(string option, string value, string expected)
    {
        var result = ToolResult.Of("train", "--options", Path.Combine(TrainedRun.Folder, "options.json"), option, value);
        result.MustFail(ExitCodes.BadArguments, expected);
    }

    [Test]
    public void Options_of_another_task_are_refused()
    {
        var result = ToolResult.Of("train", "CartPole", "--options", Path.Combine(TrainedRun.Folder, "options.json"));
        result.MustFail(ExitCodes.BadArguments, "is of the task Pendulum, not CartPole");
    }

    [Test]
    public void A_resumed_run_keeps_what_counts()
    {
        var result = ToolResult.Of("resume", TrainedRun.Folder, "--set", "Policy.Discount=0.9", "Trainer.BatchSize=16");
        result.MustFail(ExitCodes.BadArguments, "Trainer.BatchSize, Policy.Discount cannot change when a run is resumed");
    }

    [Test]
    public void A_resumed_run_takes_no_fewer_steps()
    {
        var result = ToolResult.Of("resume", TrainedRun.Folder, "--steps", "200");
        result.MustFail(ExitCodes.BadArguments, "has taken 300 steps");
    }
}
