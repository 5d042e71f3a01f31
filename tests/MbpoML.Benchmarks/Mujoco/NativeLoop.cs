using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using MbpoML.Mujoco;
using MbpoML.Mujoco.Native;

namespace MbpoML.Benchmarks.Mujoco;

/// <summary>The program loop.c on one task: compiled by gcc, started once, asked for control steps over its standard input.</summary>
internal sealed class NativeLoop : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mbpoml-loop-");
    private readonly Process _process;

    /// <param name="task">The task.</param>
    /// <param name="environment">An environment of it, for its sizes.</param>
    /// <param name="start">Positions and velocities.</param>
    /// <param name="actions">Those of an episode, one after the other.</param>
    /// <exception cref="PlatformNotSupportedException">There is no gcc, or the program does not compile.</exception>
    public NativeLoop(MujocoTask task, MujocoEnvironment environment, double[] start, double[] actions)
    {
        var library = MujocoRuntime.Library;
        var (model, data, program) =
            (Path.Combine(_folder.FullName, "model.xml"), Path.Combine(_folder.FullName, "data"), Path.Combine(_folder.FullName, "loop"));
        File.WriteAllText(model, TaskModel.Text(task.Name, library.AddsMargins));
        File.WriteAllBytes(data, MemoryMarshal.AsBytes<double>([.. start, .. actions]).ToArray());
        Compile(program);

        var (sizes, offsets) = (environment.Model, library.Offsets);
        var frameSkip = (int)Math.Round(environment.StepDuration / sizes.TimeStep);
        var firstPosition = task.ObservationSize == sizes.PositionSize + sizes.VelocitySize
            ? 0 : Math.Max(0, sizes.PositionSize + sizes.VelocitySize - task.ObservationSize);
        var hasContactForces = task == MujocoTasks.Ant || task == MujocoTasks.Humanoid;
        int[] numbers =
        [
            frameSkip, firstPosition, hasContactForces ? 1 : 0, sizes.PositionSize, sizes.VelocitySize, sizes.ActionSize, actions.Length / sizes.ActionSize,
            sizes.BodyCount, offsets.Positions, offsets.Velocities,
            offsets.Controls, offsets.ContactForces,
        ];
        var startInfo = new ProcessStartInfo(program, [library.Path, model, data, .. numbers.Select(number => number.ToString(CultureInfo.InvariantCulture))])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        _process = Process.Start(startInfo)!;
    }

    /// <summary>Makes control steps from the start.</summary>
    /// <returns>How long they took, and the sum of the first observations.</returns>
    public (double Seconds, double Sum) Run(int steps)
    {
        _process.StandardInput.WriteLine(steps);
        _process.StandardInput.Flush();
        var answer = _process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("The program loop.c ended; see what it said above.");
        var numbers = answer.Split(' ').Select(number => double.Parse(number, CultureInfo.InvariantCulture)).ToArray();
        return (numbers[0], numbers[1]);
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    private void Compile(string program)
    {
        var source = Path.Combine(_folder.FullName, "loop.c");
        using (var resource = typeof(NativeLoop).Assembly.GetManifestResourceStream("loop.c")!)
        using (var file = File.Create(source)) resource.CopyTo(file);
        try
        {
            using var compiler = Process.Start(new ProcessStartInfo("gcc", ["-O3", "-march=native", "-o", program, source, "-ldl"]))!;
            compiler.WaitForExit();
            if (compiler.ExitCode != 0) throw new PlatformNotSupportedException("gcc did not compile loop.c; see what it said above.");
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            throw new PlatformNotSupportedException("The loop in C needs gcc: install it, on Debian and Ubuntu 'apt-get install gcc libc6-dev'.", exception);
        }
    }
}
